package org.ratescope.vae;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * One run's weights as a file with PyTorch's names and shapes: {@code encoder.0.weight} [out, in],
 * {@code encoder.0.bias} [out].
 */
public final class Weights {
  private Weights() {}

  /** Writes the weights of run {@code k}. */
  public static void write(Path file, Parameters parameters, int k, Map<String, String> metadata)
      throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      views(parameters, k).forEach((name, view) -> tensors.put(name, view.contiguous()));
      Safetensors.write(file, new Safetensors.Content(tensors, metadata));
    }
  }

  /**
   * Reads weights into run {@code k}, converting between float32 and float64.
   *
   * @throws IOException if a tensor is missing, surplus or of another shape, naming it, what is
   *     required and what came
   */
  public static void read(Path file, Parameters into, int k) throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = Safetensors.read(file).tensors();
      Map<String, Tensor> views = views(into, k);
      for (String name : new TreeSet<>(tensors.keySet())) {
        if (!views.containsKey(name)) {
          throw new IOException(
              "%s: surplus tensor %s, this architecture has %s"
                  .formatted(file, name, views.keySet()));
        }
      }
      for (Map.Entry<String, Tensor> entry : views.entrySet()) {
        Tensor came = tensors.get(entry.getKey());
        if (came == null) {
          throw new IOException("%s: tensor %s is missing".formatted(file, entry.getKey()));
        }
        if (!Arrays.equals(shape(came), shape(entry.getValue()))) {
          throw new IOException(
              "%s: tensor %s has shape %s, required: %s"
                  .formatted(
                      file,
                      entry.getKey(),
                      Arrays.toString(shape(came)),
                      Arrays.toString(shape(entry.getValue()))));
        }
        entry.getValue().copy_(came);
      }
    }
  }

  /**
   * Views with PyTorch's names and shapes into a row of parameters; gradients can be looked at the
   * same way.
   */
  public static Map<String, Tensor> views(Parameters parameters, int k) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    for (Layer layer : parameters.layout().layers()) {
      Tensor weight = parameters.weight(layer).select(0, k).transpose(0, 1); // [out, in]
      Tensor bias = parameters.bias(layer).select(0, k).select(0, 0); // [out]
      for (int i = 0; i < layer.names().size(); i++) {
        long first = (long) i * layer.outPerName();
        String name = layer.names().get(i);
        views.put(name + ".weight", weight.narrow(0, first, layer.outPerName()));
        views.put(name + ".bias", bias.narrow(0, first, layer.outPerName()));
      }
    }
    return views;
  }

  private static long[] shape(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).map(tensor::size).toArray();
  }
}
