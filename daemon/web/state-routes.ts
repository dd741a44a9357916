/** Routes over what the daemon knows right now. */

import { renderMetrics } from './metrics.ts';
import { json, problem } from './respond.ts';
import type { Route } from './route.ts';
import type { WebSocketSink } from './websocket-sink.ts';

export function stateRoutes(sink: WebSocketSink): Route[] {
  const { recent } = sink;
  return [
    { path: '/healthz', answer: () => json(healthz(sink)) },
    {
      path: '/metrics',
      answer: () => ({
        type: 'text/plain; version=0.0.4; charset=utf-8',
        body: renderMetrics({
          device: recent.info?.device ?? '',
          model: recent.info?.model ?? null,
          health: recent.health,
          vitals: recent.vitals,
          lead: recent.lead,
          counters: sink.counters(),
        }),
      }),
    },
    {
      path: '/api/state',
      answer: () =>
        json({ info: recent.info, lead: recent.lead, vitals: recent.vitals, health: recent.health }),
    },
    { path: '/api/alerts', answer: () => json(recent.alerts) },
    {
      path: '/api/strips/:alert',
      answer: ({ params }) => {
        const strip = recent.stripOf(params.alert ?? '');
        return strip ? json(strip) : problem(404, 'E_STRIP_UNKNOWN', 'no strip of that alert is kept');
      },
    },
  ];
}

/** Alive is what answers; the rest says how well. A supervisor restarts on silence, not on a loose electrode. */
function healthz({ recent }: WebSocketSink): Record<string, unknown> {
  return {
    status: recent.info === null ? 'starting' : 'ok',
    source: recent.health?.source.state ?? null,
    lead_connected: recent.lead?.connected ?? null,
    broker_connected: recent.health?.broker.connected ?? null,
  };
}
