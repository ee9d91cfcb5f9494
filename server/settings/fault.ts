/** A setting that cannot be used; the message is one sentence with a next step. */
export class ConfigFault extends Error {}
