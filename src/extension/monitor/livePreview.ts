// Follows the live preview of a run in manual stepping or slow motion: its position and its image after each update.
import type { MonitorStatus, RunMessage } from '../../protocol/monitor';
import { livePreviewFile, livePreviewImage, readLivePreview } from '../../run/livePreview';
import { poll, type Polling } from '../../run/polling';
import { type PictureUri, stampOf } from './runFiles';

interface LiveFollower {
  /** Starts or stops polling, depending on the state of the run. */
  update(status: MonitorStatus): void;
  /** Sends the live preview again: the page has received a whole new state. */
  resend(): void;
  /** Settles once nothing more will be posted. */
  stop(): Promise<void>;
}

interface LiveOptions {
  readonly directory: string;
  readonly post: (message: Extract<RunMessage, { type: 'live' }>) => void;
  readonly pictureUri: PictureUri;
  readonly onError: (error: unknown) => void;
  /** The live preview was read, or there is none to read: earlier errors are solved. */
  readonly onRead: () => void;
}

/** Polling interval in milliseconds: the fastest rate of slow motion. */
const everyMs = 100;

export function followLivePreview({ directory, post, pictureUri, onError, onRead }: LiveOptions): LiveFollower {
  let on = false;
  let polling: Polling | undefined;
  let shown = absent;
  const update = async () => {
    const stamp = await stampOf(livePreviewFile(directory));
    if (stamp === shown) return;
    const live = stamp === absent ? null : await readLivePreview(directory);
    const uri = pictureUri(livePreviewImage(directory), stamp);
    // Stopped in the meantime.
    if (!on) return;
    shown = stamp;
    if (live === null) return post({ type: 'live', live });
    const { step, network, criticUpdatesDone, criticUpdatesTotal, values } = live;
    post({ type: 'live', live: { step, network, criticUpdatesDone, criticUpdatesTotal, values, uri } });
  };
  const checkedUpdate = async () => {
    await update();
    onRead();
  };
  const stop = () => {
    on = false;
    const { stopped } = polling ?? { stopped: Promise.resolve() };
    polling?.stop();
    polling = undefined;
    return stopped;
  };
  return {
    update(status) {
      on = isWatched(status);
      if (on) return void (polling ??= poll(checkedUpdate, everyMs, onError));
      void stop();
      onRead();
      if (shown !== absent) post({ type: 'live', live: null });
      shown = absent;
    },
    resend() {
      shown = absent;
      polling?.nudge();
    },
    stop,
  };
}

const absent = 'ENOENT';

/** Ignores the live preview that a killed trainer left behind. */
const isWatched = ({ status, liveness }: MonitorStatus): boolean =>
  status !== null &&
  (liveness === 'alive' || liveness === 'elsewhere') &&
  (status.state === 'paused' || (status.state === 'running' && (status.slowMotionRate ?? null) !== null));
