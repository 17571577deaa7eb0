/** The subpath `passport-second-factor/prometheus`: metrics by prom-client. */

export {
  prometheusEvents,
  type PrometheusClient,
  type PrometheusEventsOptions,
  type PrometheusInstrument,
} from './prometheus-events.js'
