// Deleting a linked service says what uses it.

import { Text } from "@fluentui/react-components";
import { DeleteArtifact } from "../delete-artifact.tsx";
import type { Dependant } from "./link.ts";

export function DeleteLink({
  name,
  dependants,
  onClose,
}: {
  name: string;
  dependants: readonly Dependant[];
  onClose(): void;
}) {
  return (
    <DeleteArtifact what="linked service" collection="linkedServices" name={name} onClose={onClose}>
      {dependants.length === 0 ? (
        <Text>
          Its definition, its stored secrets and the role assignments on it are gone for good.
        </Text>
      ) : (
        <DependantList name={name} dependants={dependants} />
      )}
    </DeleteArtifact>
  );
}

export function DependantList({
  name,
  dependants,
}: {
  name: string;
  dependants: readonly Dependant[];
}) {
  return (
    <>
      <Text>These use '{name}'; it can be deleted when none of them does:</Text>
      <ul aria-label={`What uses ${name}`}>
        {dependants.map(({ kind, name: dependant }) => (
          <li key={`${kind}/${dependant}`}>
            {kind} '{dependant}'
          </li>
        ))}
      </ul>
    </>
  );
}
