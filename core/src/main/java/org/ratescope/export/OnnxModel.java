package org.ratescope.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.ProtobufWriter;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.WeightsFile;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.safetensors.FloatType;
import org.ratescope.model.safetensors.SafetensorsFile;
import org.ratescope.model.safetensors.StoredTensor;
import org.ratescope.results.Version;
import org.ratescope.spec.RunSpec;

/**
 * A run's encoder and decoder as ONNX files, operator set 13, float32: {@code encoder.onnx} maps
 * images {@code x} [N, C, H, W] to {@code mean} and {@code logvar} [N, L]; {@code decoder.onnx}
 * maps codes {@code z} [N, L] to {@code output} [N, C, H, W], logits or the mean of p(x|z). The
 * metadata of both have the run's canonical text. The numbers of the fields are those of
 * onnx.proto.
 */
public final class OnnxModel {
  /** A message's bytes have to fit a Java array, and ONNX's own limit is 2 GiB too. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1 << 20);

  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 13;

  private final RunSpec run;
  private final Map<String, float[]> weights;
  private final Map<String, List<Long>> shapes;

  private OnnxModel(RunSpec run, Map<String, float[]> weights, Map<String, List<Long>> shapes) {
    this.run = run;
    this.weights = weights;
    this.shapes = shapes;
  }

  /**
   * Writes both files into a folder, which is made if it does not exist.
   *
   * @return the files
   * @throws IllegalArgumentException if a layer is a function of a plug-in
   * @throws IOException if the weights are missing, damaged, another run's, or larger than 2 GiB
   */
  public static List<Path> write(RunSpec run, Path weights, Path folder) throws IOException {
    ParameterLayout layout = ParameterLayout.of(run);
    NetworkSteps encoder = NetworkSteps.of(layout.encoderGraph(), run.architecture());
    NetworkSteps decoder = NetworkSteps.of(layout.decoderGraph(), run.architecture());
    WeightsFile.check(weights, run);
    OnnxModel model = read(run, weights);
    Files.createDirectories(folder);
    Path first = folder.resolve("encoder.onnx");
    Path second = folder.resolve("decoder.onnx");
    AtomicFile.write(first, model.file("encoder", encoder, layout.latentSize()));
    AtomicFile.write(second, model.file("decoder", decoder, layout.latentSize()));
    return List.of(first, second);
  }

  private static OnnxModel read(RunSpec run, Path file) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      Map<String, float[]> weights = new TreeMap<>();
      Map<String, List<Long>> shapes = new TreeMap<>();
      long bytes = 0;
      for (StoredTensor tensor : in.tensors().values()) {
        bytes += (tensor.end() - tensor.begin()) / tensor.type().bytes() * Float.BYTES;
        FormatException.require(
            bytes <= MOST_BYTES,
            in.where(),
            "an ONNX file has at most 2 GiB; the weights need more");
        weights.put(tensor.name(), values(in, tensor));
        shapes.put(tensor.name(), tensor.shape());
      }
      return new OnnxModel(run, weights, shapes);
    }
  }

  private static float[] values(SafetensorsFile in, StoredTensor tensor) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.end() - tensor.begin()))
            .order(ByteOrder.LITTLE_ENDIAN);
    in.read(tensor, 0, bytes);
    bytes.flip();
    float[] values = new float[bytes.remaining() / tensor.type().bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.type() == FloatType.F64 ? (float) bytes.getDouble() : bytes.getFloat();
    }
    return values;
  }

  private byte[] file(String name, NetworkSteps network, int latent) {
    ProtobufWriter model =
        new ProtobufWriter()
            .integer(1, IR_VERSION)
            .text(2, "Ratescope")
            .text(3, Version.RATESCOPE)
            .message(7, new Graph(name, network).message(latent))
            .message(8, new ProtobufWriter().text(1, "").integer(2, OPERATOR_SET));
    metadata(model, "ratescope.run", run.canonical());
    metadata(model, "ratescope.id", run.id().hex());
    metadata(model, "ratescope.output", PyTorchModule.output(run.likelihood()));
    return model.bytes();
  }

  private static void metadata(ProtobufWriter model, String key, String value) {
    model.message(14, new ProtobufWriter().text(1, key).text(2, value));
  }

  /** A graph of operators that is being written. */
  private final class Graph {
    private final ProtobufWriter message = new ProtobufWriter();
    private final String name;
    private final NetworkSteps network;
    private final boolean encodes;
    private int nodes;

    Graph(String name, NetworkSteps network) {
      this.name = name;
      this.network = network;
      this.encodes = network.outputs().size() == 2;
    }

    ProtobufWriter message(int latent) {
      ImageShape images = ImageShape.of(run.data());
      long[] planes = {images.channels(), images.height(), images.width()};
      for (int i = 0; i < network.steps().size(); i++) {
        add(i, network.steps().get(i));
      }
      if (encodes) {
        return message
            .text(2, name)
            .message(11, info("x", planes))
            .message(12, info("mean", latent))
            .message(12, info("logvar", latent));
      }
      node("Reshape", "output", List.of(value(network.outputs().getFirst()), shape(images)));
      return message
          .text(2, name)
          .message(11, info("z", latent))
          .message(12, info("output", planes));
    }

    /** The name of a step's value. */
    private String value(int step) {
      if (step == NetworkSteps.INPUT) {
        return encodes ? "x" : "z";
      }
      int output = network.outputs().indexOf(step);
      return encodes && output >= 0 ? List.of("mean", "logvar").get(output) : "h" + step;
    }

    private boolean isPlanes(int step) {
      return step == NetworkSteps.INPUT
          ? encodes
          : network.steps().get(step) instanceof NetworkSteps.Convolution;
    }

    private String vector(int step) {
      if (!isPlanes(step)) {
        return value(step);
      }
      String flat = "flat" + nodes;
      node("Flatten", flat, List.of(value(step)), integer("axis", 1));
      return flat;
    }

    private void add(int number, NetworkSteps.Step step) {
      switch (step) {
        case NetworkSteps.Affine affine -> {
          List<String> inputs =
              List.of(
                  vector(affine.source()),
                  weight(affine.name() + ".weight"),
                  weight(affine.name() + ".bias"));
          withRelu(affine.relu(), "Gemm", value(number), inputs, integer("transB", 1));
        }
        case NetworkSteps.Convolution convolution -> {
          String planes = value(convolution.source());
          if (!isPlanes(convolution.source())) {
            planes = "planes" + nodes;
            node(
                "Reshape",
                planes,
                List.of(value(convolution.source()), shape(convolution.layer().input())));
          }
          List<String> inputs =
              List.of(
                  planes,
                  weight(convolution.name() + ".weight"),
                  weight(convolution.name() + ".bias"));
          withRelu(
              convolution.relu(),
              convolution.layer().transposed() ? "ConvTranspose" : "Conv",
              value(number),
              inputs,
              integers("kernel_shape", 4, 4),
              integers("strides", 2, 2),
              integers(
                  "pads",
                  convolution.layer().top(),
                  convolution.layer().left(),
                  convolution.bottom(),
                  convolution.right()));
        }
        case NetworkSteps.Add sum ->
            node("Add", value(number), List.of(vector(sum.first()), vector(sum.second())));
      }
    }

    private void withRelu(
        boolean relu,
        String operator,
        String output,
        List<String> inputs,
        ProtobufWriter... attributes) {
      String first = relu ? output + "_linear" : output;
      node(operator, first, inputs, attributes);
      if (relu) {
        node("Relu", output, List.of(first));
      }
    }

    private void node(
        String operator, String output, List<String> inputs, ProtobufWriter... attributes) {
      ProtobufWriter node = new ProtobufWriter();
      inputs.forEach(input -> node.text(1, input));
      node.text(2, output).text(3, name + "/" + nodes++).text(4, operator);
      for (ProtobufWriter attribute : attributes) {
        node.message(5, attribute);
      }
      message.message(1, node);
    }

    /** Adds a tensor of the weight file, whose name it returns. */
    private String weight(String tensor) {
      float[] values = weights.get(tensor);
      List<Long> shape = shapes.get(tensor);
      if (values == null || shape == null) {
        throw new IllegalArgumentException("no tensor " + tensor);
      }
      ByteBuffer raw =
          ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
      raw.asFloatBuffer().put(values);
      ProtobufWriter message = new ProtobufWriter();
      shape.forEach(size -> message.integer(1, size));
      this.message.message(5, message.integer(2, FLOAT).text(8, tensor).bytes(9, raw.array()));
      return tensor;
    }

    /** Adds the shape [-1, C, H, W] for a Reshape, whose name it returns. */
    private String shape(ImageShape shape) {
      String tensor = "shape" + nodes;
      ByteBuffer raw = ByteBuffer.allocate(4 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      raw.putLong(-1).putLong(shape.channels()).putLong(shape.height()).putLong(shape.width());
      message.message(
          5,
          new ProtobufWriter()
              .integer(1, 4)
              .integer(2, INT64)
              .text(8, tensor)
              .bytes(9, raw.array()));
      return tensor;
    }
  }

  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;

  private static ProtobufWriter integer(String name, long value) {
    return new ProtobufWriter().text(1, name).integer(3, value).integer(20, ATTRIBUTE_INT);
  }

  private static ProtobufWriter integers(String name, long... values) {
    ProtobufWriter attribute = new ProtobufWriter().text(1, name);
    for (long value : values) {
      attribute.integer(8, value);
    }
    return attribute.integer(20, ATTRIBUTE_INTS);
  }

  /** An input or output of float32 values [N, sizes]. */
  private static ProtobufWriter info(String name, long... sizes) {
    ProtobufWriter shape = new ProtobufWriter().message(1, new ProtobufWriter().text(2, "N"));
    for (long size : sizes) {
      shape.message(1, new ProtobufWriter().integer(1, size));
    }
    ProtobufWriter tensor = new ProtobufWriter().integer(1, FLOAT).message(2, shape);
    return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
  }
}
