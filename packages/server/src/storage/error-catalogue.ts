// Error codes of the storage endpoints with the service's own messages
// (learn.microsoft.com: Common REST API error codes, Blob service error codes, Data Lake error codes).

import { defineErrors } from "@callosum/contract/error.ts";

const common = "learn.microsoft.com: Common REST API error codes";
const blob = "learn.microsoft.com: Blob service error codes";
const lake = "learn.microsoft.com: Data Lake Storage error codes";

function row<Status extends Parameters<typeof defineErrors>[0][string]["status"]>(
  status: Status,
  source: string,
  message: string,
) {
  return { status, source, text: (_: { why?: string | undefined }) => message };
}

const unauthenticated =
  "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.";
const challenge =
  "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";

export const refuse = defineErrors({
  AuthenticationFailed: row("forbidden", common, unauthenticated),
  InvalidAuthenticationInfo: row("unauthenticated", common, challenge),
  NoAuthenticationInformation: row("unauthenticated", common, challenge),
  AuthorizationFailure: row(
    "forbidden",
    common,
    "This request is not authorized to perform this operation.",
  ),
  AuthorizationPermissionMismatch: row(
    "forbidden",
    common,
    "This request is not authorized to perform this operation using this permission.",
  ),
  AuthorizationServiceMismatch: row(
    "forbidden",
    common,
    "This request is not authorized to perform this operation using this service.",
  ),
  AuthorizationResourceTypeMismatch: row(
    "forbidden",
    common,
    "This request is not authorized to perform this operation using this resource type.",
  ),
  AuthorizationSourceIPMismatch: row(
    "forbidden",
    common,
    "This request is not authorized to perform this operation using this source IP.",
  ),
  AuthorizationProtocolMismatch: row(
    "forbidden",
    common,
    "This request is not authorized to perform this operation using this protocol.",
  ),
  KeyBasedAuthenticationNotPermitted: row(
    "forbidden",
    common,
    "Key based authentication is not permitted on this storage account.",
  ),
  ResourceNotFound: row("notFound", common, "The specified resource does not exist."),
  UnsupportedHttpVerb: row(
    "methodNotAllowed",
    common,
    "The resource doesn't support specified Http Verb.",
  ),
  InvalidUri: row(
    "badRequest",
    common,
    "The requested URI does not represent any resource on the server.",
  ),
  InvalidResourceName: row(
    "badRequest",
    common,
    "The specified resource name contains invalid characters.",
  ),
  InvalidInput: {
    status: "badRequest",
    source: common,
    text: (facts: { why: string }) => `One of the request inputs is not valid. ${facts.why}`,
  },
  InvalidHeaderValue: {
    status: "badRequest",
    source: common,
    text: (_: { name: string; value: string }) =>
      "The value for one of the HTTP headers is not in the correct format.",
  },
  MissingRequiredHeader: {
    status: "badRequest",
    source: common,
    text: (_: { name: string }) =>
      "An HTTP header that's mandatory for this request is not specified.",
  },
  InvalidQueryParameterValue: {
    status: "badRequest",
    source: common,
    text: (_: { name: string; value: string; why?: string }) =>
      "Value for one of the query parameters specified in the request URI is invalid.",
  },
  MissingRequiredQueryParameter: {
    status: "badRequest",
    source: common,
    text: (_: { name: string }) =>
      "A query parameter that's mandatory for this request is not specified.",
  },
  OutOfRangeQueryParameterValue: {
    status: "badRequest",
    source: common,
    text: (_: { name: string; value: string; why?: string }) =>
      "One of the query parameters specified in the request URI is outside the permissible range.",
  },
  InvalidXmlDocument: row("badRequest", common, "XML specified is not syntactically valid."),
  InvalidMetadata: row(
    "badRequest",
    common,
    "The metadata specified is invalid. It has characters that are not permitted.",
  ),
  MetadataTooLarge: row(
    "badRequest",
    common,
    "The metadata specified exceeds the maximum permissible limit (8KB).",
  ),
  InvalidTag: row("badRequest", blob, "The tags specified are invalid."),
  MissingContentLengthHeader: row(
    "lengthRequired",
    common,
    "The content length was not specified.",
  ),
  RequestBodyTooLarge: row(
    "tooLarge",
    common,
    "The request body is too large and exceeds the maximum permissible limit.",
  ),
  InvalidMd5: row(
    "badRequest",
    common,
    "The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64-encoded.",
  ),
  Md5Mismatch: row(
    "badRequest",
    common,
    "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
  ),
  Crc64Mismatch: row(
    "badRequest",
    common,
    "The CRC64 value specified in the request did not match with the CRC64 value calculated by the server.",
  ),
  InvalidRange: row(
    "rangeNotSatisfiable",
    common,
    "The range specified is invalid for the current size of the resource.",
  ),
  ConditionNotMet: row(
    "preconditionFailed",
    common,
    "The condition specified using HTTP conditional header(s) is not met.",
  ),
  SourceConditionNotMet: row(
    "preconditionFailed",
    blob,
    "The source condition specified using HTTP conditional header(s) is not met.",
  ),
  PublicAccessNotPermitted: row(
    "conflict",
    blob,
    "Public access is not permitted on this storage account.",
  ),
  ContainerNotFound: row("notFound", blob, "The specified container does not exist."),
  ContainerAlreadyExists: row("conflict", blob, "The specified container already exists."),
  BlobNotFound: row("notFound", blob, "The specified blob does not exist."),
  BlobAlreadyExists: row("conflict", blob, "The specified blob already exists."),
  InvalidBlobType: row("conflict", blob, "The blob type is invalid for this operation."),
  InvalidBlockId: row(
    "badRequest",
    blob,
    "The specified block ID is invalid. The block ID must be Base64-encoded.",
  ),
  InvalidBlobOrBlock: row("badRequest", blob, "The specified blob or block content is invalid."),
  InvalidBlockList: row("badRequest", blob, "The specified block list is invalid."),
  BlockCountExceedsLimit: row(
    "conflict",
    blob,
    "The committed block count cannot exceed the maximum limit of 50,000 blocks.",
  ),
  AppendPositionConditionNotMet: row(
    "preconditionFailed",
    blob,
    "The append position condition specified was not met.",
  ),
  MaxBlobSizeConditionNotMet: row(
    "preconditionFailed",
    blob,
    "The max blob size condition specified was not met.",
  ),
  CannotVerifyCopySource: row("notFound", blob, "The specified blob does not exist."),
  NoPendingCopyOperation: row("conflict", blob, "There is currently no pending copy operation."),
  LeaseIdMissing: row(
    "preconditionFailed",
    blob,
    "There is currently a lease on the resource and no lease ID was specified in the request.",
  ),
  LeaseIdMismatchWithBlobOperation: row(
    "preconditionFailed",
    blob,
    "The lease ID specified did not match the lease ID for the blob.",
  ),
  LeaseIdMismatchWithContainerOperation: row(
    "preconditionFailed",
    blob,
    "The lease ID specified did not match the lease ID for the container.",
  ),
  LeaseNotPresentWithBlobOperation: row(
    "preconditionFailed",
    blob,
    "There is currently no lease on the blob.",
  ),
  LeaseNotPresentWithContainerOperation: row(
    "preconditionFailed",
    blob,
    "There is currently no lease on the container.",
  ),
  LeaseIdMismatchWithLeaseOperation: row(
    "conflict",
    blob,
    "The lease ID specified did not match the lease ID for the resource.",
  ),
  LeaseAlreadyPresent: row("conflict", blob, "There is already a lease present."),
  LeaseNotPresentWithLeaseOperation: row(
    "conflict",
    blob,
    "There is currently no lease on the resource.",
  ),
  LeaseIsBreakingAndCannotBeAcquired: row(
    "conflict",
    blob,
    "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken.",
  ),
  LeaseIsBreakingAndCannotBeChanged: row(
    "conflict",
    blob,
    "The lease ID matched, but the lease is currently in breaking state and cannot be changed.",
  ),
  LeaseIsBrokenAndCannotBeRenewed: row(
    "conflict",
    blob,
    "The lease ID matched, but the lease has been broken explicitly and cannot be renewed.",
  ),
  FilesystemNotFound: row("notFound", lake, "The specified filesystem does not exist."),
  FilesystemAlreadyExists: row("conflict", lake, "The specified filesystem already exists."),
  PathNotFound: row("notFound", lake, "The specified path does not exist."),
  PathAlreadyExists: row("conflict", lake, "The specified path already exists."),
  SourcePathNotFound: row(
    "notFound",
    lake,
    "The source path for a rename operation does not exist.",
  ),
  RenameDestinationParentPathNotFound: row(
    "notFound",
    lake,
    "The parent directory of the destination path does not exist.",
  ),
  InvalidRenameSourcePath: row(
    "conflict",
    lake,
    "The source directory cannot be the same as the destination directory, nor can the destination be a subdirectory of the source directory.",
  ),
  InvalidDestinationPath: row(
    "conflict",
    lake,
    "The specified path, or an element of the path, exists and its resource type is invalid for this operation.",
  ),
  InvalidSourceUri: row("badRequest", lake, "The source URI is invalid."),
  PathConflict: row(
    "conflict",
    lake,
    "The specified path, or an element of the path, exists and its resource type is invalid for this operation.",
  ),
  DirectoryNotEmpty: row(
    "conflict",
    lake,
    "The recursive query parameter value must be true to delete a non-empty directory.",
  ),
  DirectoryIsNotEmpty: row(
    "conflict",
    blob,
    "This operation is not permitted on a non-empty directory.",
  ),
  InvalidFlushPosition: row(
    "badRequest",
    lake,
    "The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.",
  ),
  HierarchicalNamespaceNotEnabled: row(
    "badRequest",
    lake,
    "This operation is only permitted on an account with a hierarchical namespace.",
  ),
});
