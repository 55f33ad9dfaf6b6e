// A real Slurm for tests: munged, slurmctld and a slurmd per node, as children of this process, in one folder, on
// 127.0.0.1 only. No systemd, no cgroups, no database. Each node has a host name of its own, so that jobs see several
// machines.
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Why no cluster can be started here; empty if one can. */
export function whyNoSlurm(): string {
  if (process.platform !== 'linux') return 'Slurm runs on Linux only';
  if (process.getuid?.() !== 0) return 'the daemons of Slurm need root';
  const missing = ['slurmctld', 'slurmd', 'munged', 'sbatch'].find((name) => spawnSync(name, ['-V']).error);
  return missing ? `${missing} is not installed: apt-get install slurmctld slurmd slurm-client munge` : '';
}

export interface ClusterOptions {
  readonly nodes: readonly string[];
  /** Lines of slurm.conf: partitions and, because the last one counts, other values. */
  readonly conf: readonly string[];
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** Starts a cluster in an empty folder. Resolves when all nodes are idle. */
export async function startCluster(folder: string, { nodes, conf }: ClusterOptions) {
  const at = (...parts: string[]): string => path.join(folder, ...parts);
  chmodSync(folder, 0o755);
  for (const name of ['run', 'state', 'log', ...nodes.map((node) => `spool/${node}`)])
    mkdirSync(at(name), { recursive: true });
  const confFile = at('slurm.conf');
  const ports = await freePorts(1 + nodes.length);
  const host = os.hostname().split('.')[0];
  writeFileSync(at('munge.key'), randomBytes(1024), { mode: 0o600 });
  writeFileSync(at('hosts'), `127.0.0.1 localhost ${[host, ...nodes].join(' ')}\n`);
  writeFileSync(confFile, [configuration(folder, host, nodes, ports), ...conf, ''].join('\n'));

  const env = { ...withoutSlurm(process.env), SLURM_CONF: confFile };
  const named = hostNames(folder, env);
  const children = new Map<string, ChildProcess>();
  const start = (name: string, command: string, args: readonly string[]): void => {
    const child = spawn(command, args, { env, stdio: 'ignore' });
    child.on('exit', () => children.get(name) === child && children.delete(name));
    children.set(name, child);
  };
  const startController = (): void => start('slurmctld', 'slurmctld', ['-D', '-f', confFile]);
  const startNode = (node: string): void => {
    const daemon = ['slurmd', '-D', '-N', node, '-f', confFile];
    const [command, ...args] = named === 'real' ? inNamespace(node, at('hosts'), daemon) : daemon;
    start(node, command, args);
  };
  const run = promisify(execFile);
  /** The output of a command of Slurm. */
  const slurm = async (command: string, ...args: string[]): Promise<string> =>
    (await run(command, args, { env, encoding: 'utf8' })).stdout.trim();
  /** Polls until a condition holds; the processor is left to the trainers. */
  const until = async (what: string, condition: () => boolean | Promise<boolean>, seconds = 150): Promise<void> => {
    for (const end = performance.now() + 1000 * seconds; !(await condition()); await sleep(200)) {
      if (performance.now() < end) continue;
      const queue = await slurm('squeue', '--array', '--states=all').catch(String);
      throw new Error(`not within ${seconds} s: ${what}\n${queue}\n${tail(at('log/slurmctld.log'))}`);
    }
  };
  /** Processes of a node: its daemon, the steps and all that they have started. */
  const processesOf = (node: string): number[] => {
    const own = processes(confFile);
    const jobs = own.filter(({ env: variables }) => variables.includes(`SLURMD_NODENAME=${node}`));
    const steps = new Set(jobs.map(({ parent }) => parent));
    const daemon = children.get(node)?.pid;
    return own
      .filter((each) => jobs.includes(each) || steps.has(each.pid) || each.pid === daemon)
      .map(({ pid }) => pid);
  };
  const stop = async (): Promise<void> => {
    // The controller first, so that it starts nothing in place of what is killed.
    for (const child of children.values()) child.kill('SIGTERM');
    for (let tries = 0; tries < 50 && children.size > 0; tries++) await sleep(100);
    for (const { pid } of processes(confFile)) signalProcess(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };

  start('munged', 'munged', [
    '--foreground',
    '--force',
    `--key-file=${at('munge.key')}`,
    `--socket=${at('run/munge.socket')}`,
    `--pid-file=${at('run/munged.pid')}`,
    `--log-file=${at('log/munged.log')}`,
    `--seed-file=${at('run/munge.seed')}`,
  ]);
  const idleNodes = async (): Promise<number> => {
    const names = await slurm('sinfo', '--noheader', '--Node', '--states=idle', '--format=%N').catch(() => '');
    return new Set(names.split('\n')).size * Number(names !== '');
  };
  try {
    await until('munged listens', () => existsSync(at('run/munge.socket')));
    startController();
    nodes.forEach(startNode);
    await until('all nodes are idle', async () => (await idleNodes()) === nodes.length);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env,
    slurm,
    until,
    startNode,
    stop,
    /** Sends a signal to all of a node at once: SIGKILL is a power cut, SIGSTOP a machine that hangs. */
    signalNode: (node: string, signal: NodeJS.Signals) => {
      for (const pid of processesOf(node)) signalProcess(pid, signal);
    },
    /** Whether nodes may see other folders than this machine. */
    canHide: named === 'real',
    /** Makes a folder empty for a node and its jobs, as if it was on a disk that the node does not share. */
    hide: async (node: string, hidden: string): Promise<void> => {
      const pid = String(children.get(node)?.pid);
      await run('nsenter', ['--target', pid, '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', hidden]);
    },
    startController,
    stopController: async (signal: NodeJS.Signals = 'SIGTERM') => {
      children.get('slurmctld')?.kill(signal);
      await until('slurmctld ends', () => !children.has('slurmctld'));
    },
  };
}

/**
 * A slurm.conf of nodes with two cores each. `cred_expire` is how long a requeued job waits, at least 5 s; the
 * intervals of the scheduler and the timeouts are short, so that tests do not wait.
 */
const configuration = (
  folder: string,
  host: string,
  nodes: readonly string[],
  [controller, ...ports]: readonly number[],
): string => `ClusterName=earthmover-test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/run/munge.socket,cred_expire=5
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/run/slurmctld.pid
SlurmdPidFile=${folder}/run/slurmd-%n.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/slurmd-%n.log
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PriorityType=priority/basic
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=10
KillWait=20
MinJobAge=300
MaxJobCount=1000
SlurmdParameters=config_overrides
${nodes
  .map(
    (node, k) =>
      `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[k]} CPUs=2 RealMemory=2000 State=UNKNOWN`,
  )
  .join('\n')}`;

/** The environment without options of Slurm, which may come from a cluster that runs the tests. */
const withoutSlurm = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(SLURM|S[A-Z]+)_/.test(name) || name.startsWith('SSH_')),
  );

/**
 * How nodes get their host names: by a namespace; in containers that may not create one, jobs load a script that makes
 * Node.js report the name of their node.
 */
function hostNames(folder: string, env: NodeJS.ProcessEnv): 'real' | 'reported' {
  if (spawnSync('unshare', ['--uts', '--mount', 'true']).status === 0) return 'real';
  const script = path.join(folder, 'hostname.cjs');
  writeFileSync(
    script,
    `const name = process.env.SLURMD_NODENAME;\nif (name) require('node:os').hostname = () => name;\n`,
  );
  env.NODE_OPTIONS = [env.NODE_OPTIONS, `--require=${script}`].filter(Boolean).join(' ');
  return 'reported';
}

const inNamespace = (node: string, hosts: string, command: readonly string[]): string[] => {
  const script = `mount --bind ${hosts} /etc/hosts && hostname ${node} && exec "$@"`;
  return ['unshare', '--uts', '--mount', 'sh', '-c', script, 'sh', ...command];
};

interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  readonly env: readonly string[];
}

/** All processes of a cluster: they inherit its SLURM_CONF. */
const processes = (conf: string): FoundProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const env = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
        if (!env.includes(`SLURM_CONF=${conf}`)) return [];
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
        return [{ pid: Number(name), parent: Number(parent), env }];
      } catch {
        // It has just ended.
        return [];
      }
    });

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const listening = servers.map((server) => new Promise((resolve) => server.once('listening', resolve)));
  await Promise.all(listening);
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const tail = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').slice(-2000) : '');
