import { z } from 'zod';
import { DeviceList, EnrolDevice, EnrolledDevice, OpenSession, Pairing, Session } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import { DeviceId } from '../../shared/ids.ts';
import { actorOf } from '../audit/actor.ts';
import { enrolDevice, listDevices, openSession, revokeDevice } from '../auth/devices.ts';
import { newPairing } from '../auth/pairing.ts';
import { signIn } from '../auth/signIn.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { proofOf } from './authenticate.ts';
import { type App, answers, noContent } from './route.ts';

const DeviceParams = z.object({ id: DeviceId });

export function deviceRoutes(app: App, { db, clock, revocations }: Services): void {
  app.get(paths.devices, { schema: { response: answers(DeviceList) } }, async ({ proof }) => {
    const current = proof.by.type === 'session' ? proof.by.deviceId : null;
    return { devices: await listDevices(db.read, proof.userId, current) };
  });

  app.delete(paths.device(':id'), { schema: { params: DeviceParams, response: noContent } }, async (request, reply) => {
    await revokeDevice(db.write, request.userId, request.params.id);
    await revocations.look();
    return reply.code(204).send();
  });

  app.post(paths.pairings, { schema: { response: answers(Pairing) } }, ({ userId }) =>
    newPairing(db.write, userId, clock.now()),
  );
}

/** What a device may ask before it has access: these prove themselves by what they say. */
export function signInRoutes(app: App, services: Services): void {
  const { db, clock } = services;
  app.post(
    paths.devices,
    { config: { open: true, rate: 'signIn' }, schema: { body: EnrolDevice, response: answers(EnrolledDevice) } },
    async (request) => {
      const { body, ip } = request;
      if (body.proof) {
        const userId = await signIn(services, body.proof, ip);
        return enrolDevice(db, userId, body, `${body.proof.type}, from ${ip}`, clock.now());
      }
      const proof = await proofOf(request, services);
      if (proof.by.type === 'session') {
        throw refuse(
          'forbidden',
          'A session cannot enrol a device. Use an enrolment token, a password or a pairing code.',
        );
      }
      return enrolDevice(db, proof.userId, body, `${actorOf(proof)}, from ${ip}`, clock.now());
    },
  );

  app.post(
    paths.sessions,
    { config: { open: true, rate: 'signIn' }, schema: { body: OpenSession, response: answers(Session) } },
    (request) => openSession(db, request.body, clock.now()),
  );
}
