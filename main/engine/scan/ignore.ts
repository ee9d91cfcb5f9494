/** Litter of operating systems, editors and browsers; case does not matter. `.driftless` is left out before this is asked. */
const LITTER = /^(?:\.ds_store|\._.*|thumbs\.db|desktop\.ini|~\$.*|\.~lock\..*#|.*\.(?:tmp|part|crdownload))$/i;

/** Why a name is left alone by default, as a clause for people; null when it is synced. */
export function ignoreReason(name: string): string | null {
  return LITTER.test(name) ? 'it is a temporary or system file' : null;
}
