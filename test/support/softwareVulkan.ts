// A GPU for tests where there is none: SwiftShader, the software driver that comes with Chromium.
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Folders in which Debian, Google and Microsoft put a Chromium with its drivers. */
const places = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome', '/opt/microsoft/msedge'];

const driver = 'vk_swiftshader_icd.json';

/** What a process needs in its environment to find the driver; null where there is none. */
export function softwareVulkan(): Record<string, string> | null {
  const folder = places.find((place) => [driver, 'libvulkan.so.1'].every((file) => existsSync(path.join(place, file))));
  if (!folder) return null;
  const file = path.join(folder, driver);
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: file, VK_DRIVER_FILES: file };
}
