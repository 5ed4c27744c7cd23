/** The API of the host. */

export * from './calls';
export { ApiError, isAbort } from './client';
export type * from './rule_types';
export type * from './types';
