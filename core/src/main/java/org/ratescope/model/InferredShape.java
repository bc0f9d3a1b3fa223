package org.ratescope.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.spec.Architecture;

/**
 * The architecture and the latent size of a model, as the shapes in its weight file tell them.
 *
 * @param architecture encoder and decoder
 * @param latentSize number of values of a code
 */
public record InferredShape(Architecture architecture, int latentSize) {
  private static final int MOST_LAYERS = 32;
  private static final String MEAN = "mean.weight";

  /**
   * Tries all families, up to 32 layers, and all widths among the shapes in the file. Reads the
   * header only.
   *
   * @param images the shape of the images, or of vectors if it is not known
   * @return the architectures whose tensors have exactly these names and shapes: one in most cases,
   *     none if the file is of another kind of model
   * @throws IOException if the file cannot be read
   */
  public static List<InferredShape> of(Path file, ImageShape images) throws IOException {
    return of(file, TensorNames.SAME, images);
  }

  /** The same with other names of the tensors. */
  public static List<InferredShape> of(Path file, TensorNames names, ImageShape images)
      throws IOException {
    Map<String, List<Long>> stored = new HashMap<>(WeightsFile.shapes(file, names));
    stored.keySet().removeIf(name -> name.startsWith("prior.")); // whatever prior the model has
    List<Long> mean = stored.get(MEAN);
    if (mean == null || mean.isEmpty() || !(mean.getFirst() <= Integer.MAX_VALUE)) {
      throw new FormatException(
          file.toString(),
          "tensor %s is missing, the head of the encoder's means; it has %s; --names FILE renames tensors"
              .formatted(MEAN, stored.keySet()));
    }
    int latentSize = Math.toIntExact(mean.getFirst());
    Set<Integer> widths = new TreeSet<>();
    for (List<Long> shape : stored.values()) {
      shape.stream().filter(n -> n <= 1 << 20).forEach(n -> widths.add(Math.toIntExact(n)));
    }
    List<InferredShape> found = new ArrayList<>();
    for (Architecture example : Architecture.examples()) {
      for (int layers = 1; layers <= MOST_LAYERS; layers++) {
        for (int width : widths) {
          if (fits(example, layers, width, images, latentSize, stored)) {
            found.add(new InferredShape(example.of(layers, width), latentSize));
          }
        }
      }
    }
    return found;
  }

  private static boolean fits(
      Architecture example,
      int layers,
      int width,
      ImageShape images,
      int latentSize,
      Map<String, List<Long>> stored) {
    try {
      ParameterLayout layout = ParameterLayout.of(example.of(layers, width), images, latentSize);
      return WeightsFile.shapes(layout).equals(stored);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return false; // numbers that this family does not allow, or for these images
    }
  }
}
