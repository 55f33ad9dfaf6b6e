// All kinds of faults, in the order of the table.
import type { FaultKind } from '../faultKind';
import { bombFiles } from './bombs';
import { commandLines, controlJunk } from './commandLine';
import { damagedFiles, lostFolders, wrongValues } from './damage';
import { fullDisks, limitKinds } from './disks';
import { folderOfTheUser, hostileRuns, hostileTextKinds, outPaths } from './folders';
import { dataFiles, experimentFiles, messages, modelTexts } from './inProcess';
import { kills, signalKinds } from './interruptions';
import { badModules, busyModules } from './modules';
import { moves, races } from './races';
import { sweepKills } from './sweeps';

export const kinds: readonly FaultKind[] = [
  kills,
  signalKinds,
  sweepKills,
  busyModules,
  damagedFiles,
  lostFolders,
  wrongValues,
  fullDisks,
  limitKinds,
  races,
  moves,
  folderOfTheUser,
  outPaths,
  hostileRuns,
  hostileTextKinds,
  controlJunk,
  badModules,
  commandLines,
  bombFiles,
  experimentFiles,
  messages,
  modelTexts,
  dataFiles,
];
