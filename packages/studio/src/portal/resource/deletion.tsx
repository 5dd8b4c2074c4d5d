// Asks before a group or resource is deleted, naming what goes with it; a group's name is typed.

import { Field, Input, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isGroup, nameOf, typeLabel, typeOf } from "../../api/scope.ts";
import { Confirm } from "../../control/confirm.tsx";
import { membersQuery } from "./group.ts";

const namedMax = 20;

export function Deletion({
  id,
  isOpen,
  isBusy,
  onConfirm,
  onClose,
}: {
  id: string;
  isOpen: boolean;
  isBusy: boolean;
  onConfirm(): void;
  onClose(): void;
}) {
  const [typed, setTyped] = useState("");
  const isTyped = !isGroup(id) || typed === nameOf(id);
  const label = typeLabel(typeOf(id));
  return (
    <Confirm
      isOpen={isOpen}
      title={`Delete ${label.toLowerCase()} '${nameOf(id)}'?`}
      verb="Delete"
      isBusy={isBusy || !isTyped}
      onConfirm={() => isTyped && onConfirm()}
      onClose={() => {
        setTyped("");
        onClose();
      }}
    >
      <Text block>It can't be undone. Everything that belongs to it goes with it.</Text>
      {isGroup(id) && isOpen && (
        <>
          <Members id={id} />
          <Field label={`Enter resource group name to confirm deletion: ${nameOf(id)}`}>
            <Input value={typed} onChange={(_, { value }) => setTyped(value)} />
          </Field>
        </>
      )}
    </Confirm>
  );
}

function Members({ id }: { id: string }) {
  const { data } = useQuery(membersQuery(id));
  if (!data) return <Text block>Loading what is in it…</Text>;
  if (data.length === 0) return <Text block>Nothing is in it.</Text>;
  const more = data.length - namedMax;
  return (
    <>
      <Text block weight="semibold">
        Dependent resources to be deleted ({data.length})
      </Text>
      <ul>
        {data.slice(0, namedMax).map((resource) => (
          <li key={resource.id}>
            {resource.name} ({typeLabel(resource.type)})
          </li>
        ))}
        {more > 0 && <li>and {more} more</li>}
      </ul>
    </>
  );
}
