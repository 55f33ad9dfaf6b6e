// Rule: networks handle the kind of data there is.
import { dataSources, networks, type Kind } from '../../catalog';
import { oneOf } from '../words';
import type { Rule } from './rule';

export const networkFitsData: Rule = {
  severity: 'error',
  why: 'Convolutions need rows and columns of pixels; a point of the plane has none.',
  check: (experiment) => {
    const { gives } = dataSources[experiment.data.source];
    return (['generator', 'critic'] as const).flatMap((role) => {
      const network = experiment[role];
      if (!('network' in network) || handles(network.network, gives)) return [];
      const others = (Object.keys(networks) as (keyof typeof networks)[]).filter((id) => handles(id, gives));
      const message = `The ${role} is a "${network.network}", and "${experiment.data.source}" gives ${gives}; use ${oneOf(others)}.`;
      const fixes = others.map((network) => ({
        title: `Take ${JSON.stringify(network)}`,
        changes: [{ path: [role], value: { network } }],
      }));
      return [{ path: [role, 'network'], message, fixes }];
    });
  },
};

const handles = (id: keyof typeof networks, kind: Kind) => (networks[id].handles as readonly Kind[]).includes(kind);
