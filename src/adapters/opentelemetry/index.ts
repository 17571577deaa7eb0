/** The subpath `passport-second-factor/opentelemetry`: metrics by OpenTelemetry. */

export { openTelemetryEvents, type OpenTelemetryEventsOptions } from './open-telemetry-events.js'
