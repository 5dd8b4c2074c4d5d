// What the tests and benches of other packages write models with.
export {
  type AttributeSpec,
  type ModelSpec,
  type NodeSpec,
  type TensorSpec,
  writeModel,
} from "../src/onnx/write-model.ts";
