// Asks a server what it publishes of a file: its size, and the checksum that the download is held against.
import { broken, refused, unchecked } from './errors';
import type { RemoteFile } from './fetchFile';

/**
 * Size and MD5 as Google's and Amazon's storage send them with every file. Throws DownloadError, also where the server
 * publishes no checksum: what cannot be checked is not downloaded.
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
  if (!Number.isSafeInteger(size) || size <= 0 || !/^[0-9a-f]{32}$/.test(hex ?? '')) throw unchecked(url);
  return { url, size, checksum: { algorithm: 'md5', hex } };
}
