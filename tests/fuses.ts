import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** Reads the fuses of a built app back: what the configuration asks for is not what a package has until this says so. */
const WANTED: readonly (readonly [FuseV1Options, 'off' | 'on'])[] = [
  [FuseV1Options.RunAsNode, 'off'],
  [FuseV1Options.EnableCookieEncryption, 'on'],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, 'off'],
  [FuseV1Options.EnableNodeCliInspectArguments, 'off'],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, 'on'],
  [FuseV1Options.OnlyLoadAppFromAsar, 'on'],
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, 'off'],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, 'off'],
];

const [, , app] = process.argv;
if (app === undefined) {
  console.error('Name the built app, such as dist/linux-unpacked/driftless-app.');
  process.exit(1);
}
const wire = await getCurrentFuseWire(app);
/** Each fuse is a digit in the program's file. */
const BURNT = { off: '0'.charCodeAt(0), on: '1'.charCodeAt(0) } as const;
const wrong = WANTED.filter(([fuse, wanted]) => Number(wire[fuse]) !== BURNT[wanted]);
for (const [fuse, wanted] of wrong) console.error(`The fuse ${FuseV1Options[fuse]} of ${app} must be ${wanted}.`);
if (wrong.length === 0) console.log(`The ${WANTED.length} fuses of ${app} are as they must be.`);
process.exitCode = wrong.length === 0 ? 0 : 1;
