/** The subpath `passport-second-factor/prometheus`: metrics through prom-client. */

export {
  prometheusEvents,
  type PrometheusClient,
  type PrometheusEventsOptions,
  type PrometheusInstrument,
} from './prometheus-events.js'
