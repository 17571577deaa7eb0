/** The subpath `passport-second-factor/opentelemetry`: metrics through OpenTelemetry. */

export { openTelemetryEvents, type OpenTelemetryEventsOptions } from './open-telemetry-events.js'
