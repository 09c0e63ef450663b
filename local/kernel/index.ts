export { AwsError, notImplemented, required } from './aws-error.ts';
export { held, systemClock, type Clock } from './clock.ts';
export {
  createCloud,
  ROOT,
  type Call,
  type Cloud,
  type CloudEvent,
  type CloudOptions,
  type Interceptor,
} from './cloud.ts';
export { openDocuments, type Documents } from './documents.ts';
export { memoryDocuments } from './memory-documents.ts';
export { listen, type Gateway } from './gateway.ts';
export { seededIds, systemIds, type Ids } from './ids.ts';
export type { CallContext, Caller, Operation, Operations, Service, Unsupported, WireHandler } from './service.ts';
export { pageAfter } from './page-after.ts';
export { pageOf } from './page-of.ts';
export { refuseUnsupported } from './unsupported.ts';
export { VirtualClock } from './virtual-clock.ts';
export { withReadyJson } from './protocol/ready-json.ts';
export { readBody, type WireRequest, type WireResponse } from './wire.ts';
export { escapeXml } from './xml.ts';
export { inProcessClient, type InProcessClient, type InProcessClientOptions } from './in-process-client.ts';
export { remembered } from './remembered.ts';
export { inUtf8Order } from './utf8-order.ts';
