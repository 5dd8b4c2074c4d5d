// "New linked service": what can be linked, by category and search; a tile is chosen, then Continue.

import {
  makeStyles,
  SearchBox,
  Spinner,
  Tab,
  TabList,
  Text,
  ToggleButton,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Panel } from "../../control/panel.tsx";
import { PanelButtons } from "../../control/panel-buttons.tsx";
import { Problem } from "../../control/problem.tsx";
import { type Connector, categories, connectorsQuery } from "./catalogue.ts";
import { ConnectorIcon } from "./connector-icon.tsx";

const useStyles = makeStyles({
  body: { display: "grid", gap: tokens.spacingVerticalM },
  tiles: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(136px, 1fr))",
    gap: tokens.spacingHorizontalM,
    listStyle: "none",
    margin: 0,
    padding: 0,
  },
  tile: {
    width: "100%",
    height: "112px",
    display: "grid",
    justifyItems: "center",
    alignContent: "center",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalS,
    fontWeight: tokens.fontWeightRegular,
  },
});

const all = "All";

export function Gallery({
  isOpen,
  onChoose,
  onClose,
}: {
  isOpen: boolean;
  onChoose(type: string): void;
  onClose(): void;
}) {
  const [chosen, setChosen] = useState<string>();
  return (
    <Panel
      title="New linked service"
      isOpen={isOpen}
      size="medium"
      onClose={onClose}
      footer={
        <PanelButtons
          verb="Continue"
          isDisabled={chosen === undefined}
          onSend={() => chosen !== undefined && onChoose(chosen)}
          onClose={onClose}
        />
      }
    >
      <Tiles chosen={chosen} onChange={setChosen} onChoose={onChoose} />
    </Panel>
  );
}

function Tiles({
  chosen,
  onChange,
  onChoose,
}: {
  chosen: string | undefined;
  onChange(type: string): void;
  onChoose(type: string): void;
}) {
  const styles = useStyles();
  const { data, error, refetch } = useQuery(connectorsQuery);
  const [search, setSearch] = useState("");
  const [category, setCategory] = useState<string>(all);
  if (error) return <Problem error={error} onRetry={() => void refetch()} />;
  const found = data?.filter(
    (connector) =>
      (category === all || connector.category === category) && matches(connector, search),
  );
  return (
    <div className={styles.body}>
      <SearchBox
        aria-label="Search linked services"
        style={{ maxWidth: "none" }}
        placeholder="Search"
        value={search}
        onChange={(_, { value }) => setSearch(value)}
      />
      <TabList
        aria-label="Categories"
        size="small"
        selectedValue={category}
        onTabSelect={(_, { value }) => setCategory(String(value))}
        style={{ flexWrap: "wrap" }}
      >
        {[all, ...categories].map((name) => (
          <Tab key={name} value={name}>
            {name}
          </Tab>
        ))}
      </TabList>
      {found === undefined && <Spinner label="Loading" />}
      {found?.length === 0 && (
        <Text role="status">
          Nothing of that name {category === all ? "can be linked" : `is in ${category}`}.
        </Text>
      )}
      <ul className={styles.tiles} aria-label="Kinds of linked services">
        {found?.map(({ type, label }) => (
          <li key={type}>
            <ToggleButton
              className={styles.tile}
              appearance="outline"
              checked={chosen === type}
              onClick={() => onChange(type)}
              onDoubleClick={() => onChoose(type)}
            >
              <ConnectorIcon type={type} />
              <span>{label}</span>
            </ToggleButton>
          </li>
        ))}
      </ul>
    </div>
  );
}

function matches({ type, label }: Connector, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return label.toLowerCase().includes(wanted) || type.toLowerCase().includes(wanted);
}
