// How a Spark pool is described in lists.

interface PoolSize {
  readonly nodeSize?: string;
  readonly nodeCount?: number;
  readonly autoScaleProperties?: {
    readonly enabled?: boolean;
    readonly minNodeCount?: number;
    readonly maxNodeCount?: number;
  };
}

/** "Small, 3 to 10 nodes"; empty when the pool is not there to be read. */
export function sizeText({ nodeSize, nodeCount, autoScaleProperties }: PoolSize = {}): string {
  if (nodeSize === undefined) return "";
  const { enabled, minNodeCount, maxNodeCount } = autoScaleProperties ?? {};
  if (enabled) return `${nodeSize}, ${minNodeCount} to ${maxNodeCount} nodes`;
  return nodeCount === undefined ? nodeSize : `${nodeSize}, ${nodeCount} nodes`;
}
