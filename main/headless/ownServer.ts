/** Where a server keeps its rows and files, as somebody may have told another one in the same shell. */
const ELSEWHERE = ['DATABASE_URL', 'STORAGE_TYPE', 'S3_BUCKET', 'S3_BUCKET_NAME', 'AWS_S3_BUCKET_NAME'];

/** What a person's own server is told: all but what would make it keep their files anywhere but in its own folder. */
export const ownServerEnvironment = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !ELSEWHERE.includes(name)));
