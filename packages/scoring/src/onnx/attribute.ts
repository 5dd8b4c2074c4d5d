// AttributeProto: an operator's constants. Trees have lists of millions, so a list is read when somebody asks for it.
// Source: onnx/onnx.proto field numbers. Where lists begin and end is checked before.
import { readTensor, type Tensor } from "./tensor.ts";
import {
  asFloat,
  asInt64,
  asLenientText,
  asMessage,
  asText,
  type Field,
  fieldsOf,
  listFloats,
  listInt64s,
  listIntegers,
  listTexts,
  type Message,
} from "./wire.ts";

export interface Attribute {
  name: string;
  float: number;
  int: bigint;
  /** A byte string as text; bytes that are no UTF-8 become U+FFFD. */
  text: string | null;
  tensor: Tensor | null;
  hasGraph: boolean;
  readonly floats: readonly number[];
  readonly ints: readonly bigint[];
  /** `ints` as JavaScript's numbers, rounded beyond 2^53: faster. */
  readonly integers: readonly number[];
  readonly strings: readonly string[];
}

const FLOATS = 7;
const INTS = 8;
const STRINGS = 9;
const lists = new Set([FLOATS, INTS, STRINGS]);

/** `readGraph` is called for graphs inside it. */
export function readAttribute(message: Message, readGraph: (message: Message) => void): Attribute {
  const fields: Field[] = [];
  const listOf = <T>(
    number: number,
    read: (message: Message, field: Field, into: T[]) => void,
  ): (() => readonly T[]) => {
    let list: T[] | null = null;
    return () => {
      if (list) return list;
      const values: T[] = [];
      for (const field of fields) if (field.number === number) read(message, field, values);
      list = values;
      return list;
    };
  };
  const floats = listOf(FLOATS, listFloats);
  const ints = listOf(INTS, listInt64s);
  const integers = listOf(INTS, listIntegers);
  const strings = listOf(STRINGS, listTexts);
  const attribute: Attribute = {
    ...{ name: "", float: 0, int: 0n, text: null, tensor: null, hasGraph: false },
    get floats() {
      return floats();
    },
    get ints() {
      return ints();
    },
    get integers() {
      return integers();
    },
    get strings() {
      return strings();
    },
  };
  for (const field of fieldsOf(message, lists)) {
    if (lists.has(field.number)) fields.push(field);
    else readField(message, field, attribute, readGraph);
  }
  return attribute;
}

function readField(
  message: Message,
  field: Field,
  attribute: Attribute,
  readGraph: (message: Message) => void,
): void {
  switch (field.number) {
    case 1:
      attribute.name = asText(message, field);
      break;
    case 2:
      attribute.float = asFloat(message, field);
      break;
    case 3:
      attribute.int = asInt64(message, field);
      break;
    case 4:
      attribute.text = asLenientText(message, field);
      break;
    case 5:
    case 10:
      attribute.tensor = readTensor(asMessage(message, field, "an attribute's tensor"));
      break;
    case 6:
    case 11:
      attribute.hasGraph = true;
      readGraph(asMessage(message, field, "an attribute's graph"));
      break;
  }
}
