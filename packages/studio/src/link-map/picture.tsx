// The link map as a picture: boxes, and arrows that are red where something is missing.

import "@xyflow/react/dist/base.css";
import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import {
  BrainCircuitRegular,
  DatabaseRegular,
  FlashRegular,
  PersonKeyRegular,
} from "@fluentui/react-icons";
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { useMemo } from "react";
import type { LinkMap, MapEdge, MapNode, NodeKind } from "./model.ts";
import { statusColors, statusTexts } from "./status.ts";

const useStyles = makeStyles({
  frame: {
    height: "52vh",
    minHeight: "320px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    "& .react-flow__controls-button": {
      background: tokens.colorNeutralBackground1,
      color: tokens.colorNeutralForeground1,
      border: `1px solid ${tokens.colorNeutralStroke1}`,
      fill: "currentColor",
    },
    "& .react-flow__edge:focus-visible .react-flow__edge-path": { strokeWidth: 5 },
  },
  node: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    width: "200px",
    padding: tokens.spacingHorizontalS,
    background: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    boxShadow: tokens.shadow4,
    boxSizing: "border-box",
  },
  absent: { border: `2px dashed ${tokens.colorPaletteRedBorder2}` },
  text: { minWidth: 0, overflow: "hidden" },
  label: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  handle: { opacity: 0 },
});

const icons = {
  synapse: DatabaseRegular,
  machineLearning: BrainCircuitRegular,
  identity: PersonKeyRegular,
  pool: FlashRegular,
} as const satisfies Record<NodeKind, unknown>;

type BoxNode = Node<{ node: MapNode }, "box">;

const nodeTypes = { box: Box };

export function Picture({ map, onOpen }: { map: LinkMap; onOpen(edge: MapEdge): void }) {
  const styles = useStyles();
  const nodes = useMemo(() => map.nodes.map(toNode), [map]);
  const edges = useMemo(() => {
    const places = new Map(map.nodes.map(({ id, x }) => [id, x]));
    return map.edges.map((edge) => toEdge(edge, places));
  }, [map]);
  const open = (id: string) => {
    const edge = map.edges.find((one) => one.id === id);
    if (edge) onOpen(edge);
  };
  return (
    <div className={styles.frame}>
      <ReactFlow<BoxNode>
        aria-label="Link map"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
        minZoom={0.2}
        nodesConnectable={false}
        nodesDraggable={false}
        edgesFocusable
        proOptions={{ hideAttribution: true }}
        onEdgeClick={(_, { id }) => open(id)}
        onKeyDown={(event) => {
          const id = (event.target as Element).getAttribute("data-id");
          if (id === null || (event.key !== "Enter" && event.key !== " ")) return;
          // Otherwise the same key presses the button that gets the focus in the panel.
          event.preventDefault();
          open(id);
        }}
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function toNode(node: MapNode): BoxNode {
  return {
    id: node.id,
    type: "box",
    position: { x: node.x, y: node.y },
    data: { node },
    ariaLabel: `${node.detail}: ${node.label}`,
  };
}

function toEdge(edge: MapEdge, places: ReadonlyMap<string, number>): Edge {
  const color = statusColors[edge.status];
  return {
    id: edge.id,
    source: edge.from,
    target: edge.to,
    ...endsOf(edge, places),
    label: edge.label,
    ariaLabel: `${edge.text}: ${statusTexts[edge.status]}`,
    interactionWidth: 24,
    style: {
      stroke: color,
      strokeWidth: edge.status === "missing" ? 3 : 1.5,
      ...(edge.status === "missing" && { strokeDasharray: "8 4" }),
    },
    labelStyle: { fill: tokens.colorNeutralForeground1, fontSize: 12 },
    labelBgStyle: { fill: tokens.colorNeutralBackground1 },
    markerEnd: { type: MarkerType.ArrowClosed, color },
  };
}

/** Where an edge leaves and arrives, so that it crosses no box between. */
function endsOf({ subject, from, to }: MapEdge, places: ReadonlyMap<string, number>) {
  switch (subject.kind) {
    case "pool":
      return { sourceHandle: "bottomOut", targetHandle: "topIn" };
    case "attached":
      return { type: "smoothstep", sourceHandle: "bottomOut", targetHandle: "rightIn" };
    default:
      return (places.get(from) ?? 0) < (places.get(to) ?? 0)
        ? { sourceHandle: "rightOut", targetHandle: "leftIn" }
        : { sourceHandle: "leftOut", targetHandle: "rightIn" };
  }
}

function Box({ data: { node } }: NodeProps<BoxNode>) {
  const styles = useStyles();
  const Icon = icons[node.kind];
  return (
    <div className={mergeClasses(styles.node, !node.isThere && styles.absent)}>
      <Ends />
      <Icon aria-hidden fontSize={24} />
      <div className={styles.text}>
        <Text block weight="semibold" className={styles.label} title={node.label}>
          {node.label}
        </Text>
        <Text block size={200}>
          {node.detail}
        </Text>
      </div>
    </div>
  );
}

function Ends() {
  const styles = useStyles();
  const shared = { className: styles.handle, isConnectable: false };
  return (
    <>
      <Handle {...shared} type="target" id="leftIn" position={Position.Left} />
      <Handle {...shared} type="source" id="leftOut" position={Position.Left} />
      <Handle {...shared} type="target" id="rightIn" position={Position.Right} />
      <Handle {...shared} type="source" id="rightOut" position={Position.Right} />
      <Handle {...shared} type="target" id="topIn" position={Position.Top} />
      <Handle {...shared} type="source" id="bottomOut" position={Position.Bottom} />
    </>
  );
}
