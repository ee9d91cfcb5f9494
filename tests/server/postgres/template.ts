export const TEMPLATE = 'driftless_template';
