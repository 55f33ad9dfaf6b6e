// Follows a run that is stepped by hand or in slow motion: where it is and its picture, after each update.
import type { MonitorStatus, RunMessage } from '../../protocol/monitor';
import { livePreviewFile, livePreviewImage, readLivePreview } from '../../run/livePreview';
import { poll, type Polling } from '../../run/polling';
import { type PictureUri, stampOf } from './runFiles';

export interface LiveFollower {
  /** Looks often from now on, or no more, as the run is. */
  update(status: MonitorStatus): void;
  /** The page has been told the whole state, and forgot the rest. */
  resend(): void;
  /** Settles when nothing more will be posted. */
  stop(): Promise<void>;
}

export interface LiveOptions {
  readonly directory: string;
  readonly post: (message: Extract<RunMessage, { type: 'live' }>) => void;
  readonly pictureUri: PictureUri;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between two looks: an update in slow motion takes as long at its fastest. */
const everyMs = 100;

export function followLivePreview({ directory, post, pictureUri, onError }: LiveOptions): LiveFollower {
  let on = false;
  let polling: Polling | undefined;
  let shown = absent;
  const look = async () => {
    const stamp = await stampOf(livePreviewFile(directory));
    if (stamp === shown) return;
    const live = stamp === absent ? null : readLivePreview(directory);
    const uri = pictureUri(livePreviewImage(directory), stamp);
    // It has been told to look no more meanwhile.
    if (!on) return;
    shown = stamp;
    if (live === null) return post({ type: 'live', live });
    const { step, network, criticUpdatesDone, criticUpdatesTotal, values } = live;
    post({ type: 'live', live: { step, network, criticUpdatesDone, criticUpdatesTotal, values, uri } });
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
      if (on) return void (polling ??= poll(look, everyMs, onError));
      void stop();
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

/** What a trainer that was killed left behind is of no moment any more. */
const isWatched = ({ status, liveness }: MonitorStatus): boolean =>
  status !== null &&
  (liveness === 'alive' || liveness === 'elsewhere') &&
  (status.state === 'paused' || (status.state === 'running' && (status.slowMotionRate ?? null) !== null));
