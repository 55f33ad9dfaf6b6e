// A software GPU for tests: SwiftShader, which comes with Chromium.
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Folders of Chromium and its drivers on Debian, and of Chrome and Edge. */
const places = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome', '/opt/microsoft/msedge'];

const driver = 'vk_swiftshader_icd.json';

/** Environment variables for a process to find the driver; null if it is not installed. */
export function softwareVulkan(): Record<string, string> | null {
  const folder = places.find((place) => [driver, 'libvulkan.so.1'].every((file) => existsSync(path.join(place, file))));
  if (!folder) return null;
  const file = path.join(folder, driver);
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: file, VK_DRIVER_FILES: file };
}
