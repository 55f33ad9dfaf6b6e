// The size and checksum that a server publishes for a file.
import { broken, noChecksum, refused } from './errors';

/** A file on a server. */
export interface RemoteFile {
  readonly url: string;
  /** In bytes. */
  readonly size: number;
  readonly checksum: { readonly algorithm: 'sha256' | 'sha512' | 'md5'; readonly hex: string };
}

/**
 * Reads the size and MD5 from the headers of Google's and Amazon's storage. Throws DownloadError, also if the server
 * publishes no checksum.
 */
export async function describeRemoteFile(url: string, signal?: AbortSignal): Promise<RemoteFile> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': 'identity' }, signal });
  } catch (error) {
    signal?.throwIfAborted();
    const { cause, message } = error as Error;
    throw broken(url, cause instanceof Error && cause.message ? cause.message : message, 0);
  }
  const { headers, ok, status, statusText } = response;
  if (!ok) throw refused(url, status, statusText);
  const size = Number(headers.get('content-length') ?? NaN);
  const google = /(?:^|,)\s*md5=([A-Za-z0-9+/=]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1];
  const [, tag] = /^"([0-9a-f]{32})"$/.exec(headers.get('etag') ?? '') ?? [];
  const hex = google ? Buffer.from(google, 'base64').toString('hex') : tag;
  if (!Number.isSafeInteger(size) || size <= 0 || !/^[0-9a-f]{32}$/.test(hex ?? '')) throw noChecksum(url);
  return { url, size, checksum: { algorithm: 'md5', hex } };
}
