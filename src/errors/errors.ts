import { CATALOGUE, type ErrorCode } from './catalogue.ts';
import { type ErrorDetails, SluiceError } from './sluice-error.ts';

/** The base of one error of the catalogue: its name, and its general reason and advice unless the case knows better. */
function catalogued<const Code extends ErrorCode>(code: Code) {
  const entry = CATALOGUE[code];
  return class extends SluiceError {
    override readonly name = code;
    override readonly why: string;
    override readonly next: string;
    override readonly retryable: boolean = entry.retryable;

    constructor(message: string = entry.happened, details: ErrorDetails = {}) {
      super(message, details);
      this.why = details.why ?? entry.why;
      this.next = details.next ?? entry.next;
    }
  };
}

export class ManifestMissing extends catalogued('ManifestMissing') {}
export class ManifestChanged extends catalogued('ManifestChanged') {}
export class ManifestTooLarge extends catalogued('ManifestTooLarge') {}
export class ManifestNotJson extends catalogued('ManifestNotJson') {}
export class ManifestInvalid extends catalogued('ManifestInvalid') {}
export class ProjectUnknown extends catalogued('ProjectUnknown') {}
export class ProjectInvalid extends catalogued('ProjectInvalid') {}
export class SettingsInvalid extends catalogued('SettingsInvalid') {}
export class InputInvalid extends catalogued('InputInvalid') {}
export class FilesNotThere extends catalogued('FilesNotThere') {}
export class FilesNotYetThere extends catalogued('FilesNotYetThere') {}
export class FileChanged extends catalogued('FileChanged') {}
export class PlanImpossible extends catalogued('PlanImpossible') {}
export class TableDiffers extends catalogued('TableDiffers') {}
export class LoadFailed extends catalogued('LoadFailed') {}
export class RowsDiffer extends catalogued('RowsDiffer') {}
export class FilesLoadedBefore extends catalogued('FilesLoadedBefore') {}
export class KeysNotUnique extends catalogued('KeysNotUnique') {}
export class BatchOvertaken extends catalogued('BatchOvertaken') {}
export class DataCheckFailed extends catalogued('DataCheckFailed') {}
export class StatementFailed extends catalogued('StatementFailed') {}
export class StatementConflict extends catalogued('StatementConflict') {}
export class StatementAborted extends catalogued('StatementAborted') {}
export class StatementTimedOut extends catalogued('StatementTimedOut') {}
export class StatementNotCancelled extends catalogued('StatementNotCancelled') {}
export class StatementLost extends catalogued('StatementLost') {}
export class ClusterStackFailed extends catalogued('ClusterStackFailed') {}
export class ClusterNotUsable extends catalogued('ClusterNotUsable') {}
export class ClusterVanished extends catalogued('ClusterVanished') {}
export class ClusterWaitTooLong extends catalogued('ClusterWaitTooLong') {}
export class LeaseContended extends catalogued('LeaseContended') {}
export class LeaseLost extends catalogued('LeaseLost') {}
export class RunCancelled extends catalogued('RunCancelled') {}
export class NotificationFailed extends catalogued('NotificationFailed') {}
export class AwsThrottled extends catalogued('AwsThrottled') {}
export class AwsUnavailable extends catalogued('AwsUnavailable') {}
export class AwsDenied extends catalogued('AwsDenied') {}
export class AwsRefused extends catalogued('AwsRefused') {}
export class Unexpected extends catalogued('Unexpected') {}

/** The class of every code. */
export const ERROR_CLASSES = {
  ManifestMissing,
  ManifestChanged,
  ManifestTooLarge,
  ManifestNotJson,
  ManifestInvalid,
  ProjectUnknown,
  ProjectInvalid,
  SettingsInvalid,
  InputInvalid,
  FilesNotThere,
  FilesNotYetThere,
  FileChanged,
  PlanImpossible,
  TableDiffers,
  LoadFailed,
  RowsDiffer,
  FilesLoadedBefore,
  KeysNotUnique,
  BatchOvertaken,
  DataCheckFailed,
  StatementFailed,
  StatementConflict,
  StatementAborted,
  StatementTimedOut,
  StatementNotCancelled,
  StatementLost,
  ClusterStackFailed,
  ClusterNotUsable,
  ClusterVanished,
  ClusterWaitTooLong,
  LeaseContended,
  LeaseLost,
  RunCancelled,
  NotificationFailed,
  AwsThrottled,
  AwsUnavailable,
  AwsDenied,
  AwsRefused,
  Unexpected,
} as const satisfies { readonly [Code in ErrorCode]: new (message?: string, details?: ErrorDetails) => SluiceError };
