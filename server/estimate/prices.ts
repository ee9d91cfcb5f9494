/** What a provider charges a month, in one currency. Requests are priced by the thousand, as price lists have them. */
export interface Prices {
  readonly currency: string;
  /** Of stored content, by the GB. */
  readonly storedGb: number;
  /** Writing requests: an object, or a part of one. */
  readonly puts: number;
  /** Reading requests. */
  readonly gets: number;
  /** Traffic out, by the GB. */
  readonly egressGb: number;
}

/**
 * Examples to reckon with, not offers: list prices before taxes and free allowances. A volume is a disk that is rented by
 * its size (Hetzner, 2024); S3 is the standard class of the American east (AWS, 2024); a bucket without egress is what
 * Cloudflare's R2 and several others charge like.
 */
export const PRICES = {
  volume: { currency: 'EUR', storedGb: 0.056, puts: 0, gets: 0, egressGb: 0 },
  s3: { currency: 'USD', storedGb: 0.023, puts: 0.005, gets: 0.0004, egressGb: 0.09 },
  'no-egress': { currency: 'USD', storedGb: 0.015, puts: 0.0045, gets: 0.00036, egressGb: 0 },
} as const satisfies Record<string, Prices>;

export type PriceList = keyof typeof PRICES;
