package org.ratescope.vae;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * One run's weights as a file with PyTorch's names and shapes: {@code encoder.0.weight} [out, in]
 * of a {@code Linear}, [out, in, 4, 4] of a {@code Conv2d}, [in, out, 4, 4] of a {@code
 * ConvTranspose2d}, {@code encoder.0.bias} [out]. A {@code Linear} beside a convolution takes the
 * planes one after the other, as PyTorch's {@code flatten} gives them.
 */
public final class Weights {
  private Weights() {}

  /** Writes the weights of run {@code k}. */
  public static void write(Path file, Parameters parameters, int k, Map<String, String> metadata)
      throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = copies(parameters, k);
      Map<String, String> texts = new TreeMap<>(metadata);
      texts.put("ratescope.crc32", crc32(tensors.values()));
      Safetensors.write(file, new Safetensors.Content(tensors, texts));
    }
  }

  /** CRC-32 of all values as they stand in the file, as 8 hexadecimal digits. */
  private static String crc32(Collection<Tensor> tensors) throws IOException {
    CRC32 crc = new CRC32();
    for (Tensor tensor : tensors) {
      Safetensors.slices(tensor, crc::update);
    }
    return HexFormat.of().toHexDigits(crc.getValue(), 8);
  }

  /** The weights of run {@code k} with PyTorch's names and shapes, in memory of their own. */
  public static Map<String, Tensor> copies(Parameters parameters, int k) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    Tensor row = parameters.row(k);
    for (ParameterView view : parameterViews(parameters)) {
      copies.put(view.name(), view.of(row).clone().contiguous().view(view.shapeArray()));
    }
    return copies;
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
      List<ParameterView> views = parameterViews(into);
      List<String> names = views.stream().map(ParameterView::name).toList();
      for (String name : new TreeSet<>(tensors.keySet())) {
        if (!names.contains(name)) {
          throw new IOException(
              "%s: surplus tensor %s, this architecture has %s".formatted(file, name, names));
        }
      }
      for (ParameterView view : views) {
        Tensor came = tensors.get(view.name());
        if (came == null) {
          throw new IOException("%s: tensor %s is missing".formatted(file, view.name()));
        }
        if (!Arrays.equals(shape(came), view.shapeArray())) {
          throw new IOException(
              "%s: tensor %s has shape %s, required: %s"
                  .formatted(file, view.name(), Arrays.toString(shape(came)), view.shape()));
        }
        view.of(into.row(k)).copy_(came.view(view.sizes()));
      }
    }
  }

  /**
   * Views with PyTorch's names into a row of parameters; gradients can be looked at the same way.
   * Their values stand in PyTorch's order. Their shapes are PyTorch's, but for a {@code Linear}
   * beside a convolution: there planes, rows and columns are axes of their own.
   */
  public static Map<String, Tensor> views(Parameters parameters, int k) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    Tensor row = parameters.row(k);
    parameterViews(parameters).forEach(view -> views.put(view.name(), view.of(row)));
    return views;
  }

  private static List<ParameterView> parameterViews(Parameters parameters) {
    return parameters.layout().layers().stream()
        .flatMap(layer -> layer.named().stream())
        .flatMap(named -> Stream.of(named.weight(), named.bias()))
        .toList();
  }

  private static long[] shape(Tensor tensor) {
    return LongStream.range(0, tensor.dim()).map(tensor::size).toArray();
  }
}
