// Parameters of procedures and functions, read from their texts.
import type { SqlType } from "../../session.ts";
import type { CatalogueObject } from "../catalogue/model.ts";
import { parseBatch } from "../parser/script.ts";

export interface ShownParameter {
  id: number;
  name: string;
  type: SqlType;
  isOutput: boolean;
  hasDefault: boolean;
}

/** In order, counted from 1; a scalar function's result comes first, as 0 and without a name. */
export function shownParameters(object: CatalogueObject): ShownParameter[] {
  if (object.kind !== "procedure" && object.kind !== "function") return [];
  const [module] = parseBatch(object.text);
  if (module?.kind !== "createProcedure" && module?.kind !== "createFunction") return [];
  const result: ShownParameter[] = [];
  if (module.kind === "createFunction" && module.returns.kind === "scalar") {
    const { type } = module.returns;
    result.push({ id: 0, name: "", type, isOutput: true, hasDefault: false });
  }
  const parameters = module.parameters.map((parameter, index) => ({
    id: index + 1,
    name: parameter.name,
    type: parameter.type,
    isOutput: parameter.output,
    hasDefault: parameter.default !== undefined,
  }));
  return [...result, ...parameters];
}
