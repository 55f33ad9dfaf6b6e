// The scenes of the doctor's page: a machine where training works, one where it does not, and one being checked.

const works = [
  ['Node.js', 'ok', '24.1.0'],
  ['Platform', 'ok', 'linux x64'],
  ['ONNX Runtime', 'ok', '1.30.0 works; built-in backends: cpu, webgpu'],
  ['GPU (webgpu)', 'none', 'Failed to get a WebGPU adapter: No supported adapters'],
  ['GPU (cuda)', 'none', 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library'],
  ['Threads', 'ok', '8 threads'],
  ['sharp', 'ok', '0.34.5 with libvips 8.17.3'],
  ['TensorFlow', 'none', 'the package @tensorflow/tfjs-node-gpu is not installed'],
  ['Memory', 'ok', '21 GiB free'],
  ['Disk', 'ok', '71 GiB free in /home/anna/rings/.earthmover/runs'],
  ['Write access', 'ok', 'runs can be written to this folder'],
  ['Build', 'ok', 'complete'],
];

const fails = {
  'Node.js': ['fail', '18.20.4 is too old'],
  Disk: ['warn', '512 MiB free in /home/anna/rings/.earthmover/runs'],
  'Write access': ['warn', 'cannot write to /home/anna/rings/.earthmover/runs (EACCES)'],
};

/** The message of the extension; `changes` are results of checks by name. */
export const doctorReport = (changes = {}, { count = works.length, problem = null } = {}) => ({
  type: 'doctor',
  about: 'Earthmover 0.1.0\nVS Code 1.139.1\n/usr/share/code/code',
  checks: works.slice(0, count).map(([check, level, text]) => {
    const [changed, found] = changes[check] ?? [level, text];
    return { check, level: changed, text: found, todo: null };
  }),
  checking: count < works.length,
  problem,
});

/** Scenes as in scenes.mjs. */
export function doctorScenes() {
  const doctor = (name, message, more = {}) => ({
    name: `doctor-${name}`,
    theme: 'dark',
    width: 1320,
    height: 860,
    fullPage: true,
    messages: [message],
    ...more,
  });
  return [
    ...['dark', 'light', 'hc-dark', 'hc-light'].flatMap((theme) => [
      doctor(theme, doctorReport(fails), { theme }),
      doctor(`slim-${theme}`, doctorReport(fails), { theme, width: 312 }),
    ]),
    doctor('works-light', doctorReport(), { theme: 'light' }),
    doctor('checking-dark', doctorReport({}, { count: 4 }), { width: 660 }),
    doctor('german-slim-light', doctorReport(fails), { theme: 'light', language: 'de', width: 312 }),
  ];
}
