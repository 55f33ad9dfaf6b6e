// Rule: networks handle the kind of data there is, in the role that they are given.
import { dataSources, networks, type Kind, type NetworkEntry, type NetworkId, type Role } from '../../catalog';
import { oneOf } from '../words';
import type { Rule } from './rule';

export const networkFitsData: Rule = {
  severity: 'error',
  why: 'Convolutions need rows and columns of pixels, which a point of the plane has none of, and a translation makes samples without judging any.',
  check: (experiment) => {
    const { gives } = dataSources[experiment.data.source];
    return (['generator', 'critic'] as const).flatMap((role) => {
      const network = experiment[role];
      if (!('network' in network) || fits(network.network, role, gives)) return [];
      const others = (Object.keys(networks) as NetworkId[]).filter((id) => fits(id, role, gives));
      const message = `The ${role} is a "${network.network}", and "${experiment.data.source}" gives ${gives}; use ${oneOf(others)}.`;
      const fixes = others.map((network) => ({
        title: `Take ${JSON.stringify(network)}`,
        changes: [{ path: [role], value: { network } }],
      }));
      return [{ path: [role, 'network'], message, fixes }];
    });
  },
};

function fits(id: NetworkId, role: Role, kind: Kind): boolean {
  const { handles, roles }: NetworkEntry = networks[id];
  return handles.includes(kind) && roles.includes(role);
}
