/** A Debian package that some tests need and npm cannot bring. */
export interface SystemPackage {
  readonly name: string;
  /** A program of it: where that can be found, the package is installed. */
  readonly program: string;
  /** Which tests are skipped without it. */
  readonly tests: string;
}

const S3 = 'content in an S3 bucket';

export const SYSTEM_PACKAGES: readonly SystemPackage[] = [
  { name: 'ffmpeg', program: 'ffmpeg', tests: 'thumbnails and facts of videos and sounds' },
  { name: 'poppler-utils', program: 'pdftoppm', tests: 'thumbnails and facts of PDFs' },
  { name: 'clamav-daemon', program: 'clamd', tests: 'viruses, with a real scanner' },
  { name: 'postgresql', program: 'pg_ctlcluster', tests: 'the server on PostgreSQL' },
  { name: 'radosgw', program: 'radosgw', tests: S3 },
  { name: 'ceph-mon', program: 'ceph-mon', tests: S3 },
  { name: 'ceph-osd', program: 'ceph-osd', tests: S3 },
  { name: 'ceph-common', program: 'ceph', tests: S3 },
  { name: 'chromium', program: 'chromium', tests: 'the window in a real browser' },
];
