package org.ratescope.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.dataset.format.FormatException;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.model.safetensors.FileChecksum;
import org.ratescope.model.safetensors.SafetensorsFile;
import org.ratescope.model.safetensors.StoredTensor;
import org.ratescope.spec.RunId;
import org.ratescope.spec.RunSpec;
import org.ratescope.tensor.Tensors;

/**
 * One run's weights as a file with PyTorch's names and shapes: {@code encoder.0.weight} [out, in]
 * of a {@code Linear}, [out, in, 4, 4] of a {@code Conv2d}, [in, out, 4, 4] of a {@code
 * ConvTranspose2d}, {@code encoder.0.bias} [out]. A {@code Linear} beside a convolution takes the
 * planes one after the other, as PyTorch's {@code flatten} gives them.
 *
 * <p>Weights that a run left in a results folder say whose they are: {@link #read(Path, RunSpec,
 * Parameters, int)} and {@link #check} are the only ways to them. Weights from elsewhere are read
 * by {@link #read(Path, Parameters, int)}.
 */
public final class WeightsFile {
  /** Key of the metadata: the canonical text of the run whose weights these are. */
  private static final String RUN = "ratescope.run";

  private static final Set<String> KEYS = Set.of(RUN, FileChecksum.KEY, FileChecksum.VALUES_KEY);

  /** Names of tensors in one part of a message. */
  private static final int MOST_NAMED = 20;

  private WeightsFile() {}

  /** Writes the weights of a run, which is row {@code k}. */
  public static void write(Path file, RunSpec run, Parameters parameters, int k)
      throws IOException {
    write(file, parameters, k, Map.of(RUN, run.canonical()));
  }

  /** Writes the weights of row {@code k}. */
  public static void write(Path file, Parameters parameters, int k, Map<String, String> metadata)
      throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Safetensors.write(
          file, new Safetensors.Content(copies(parameters, k), new TreeMap<>(metadata)));
    }
  }

  /** The weights of run {@code k} with PyTorch's names and shapes, in memory of their own. */
  public static Map<String, Tensor> copies(Parameters parameters, int k) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    Tensor row = parameters.row(k);
    for (ParameterView view : parameterViews(parameters.layout())) {
      copies.put(view.name(), view.of(row).clone().contiguous().view(view.shapeArray()));
    }
    return copies;
  }

  /**
   * Checks the weights that a run left, to the last byte, without libtorch.
   *
   * @throws FormatException if they are damaged or are those of another run
   * @throws IOException if the file is missing or cannot be read
   */
  public static void check(Path file, RunSpec run) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      requireRun(in, run);
      in.requireChecksum();
      tensors(in, ParameterLayout.of(run), TensorNames.SAME);
    }
  }

  /**
   * Reads the weights that a run left into row {@code k}, after the same checks.
   *
   * @throws FormatException if they are damaged or are those of another run; the row is unchanged
   * @throws IOException if the file is missing or cannot be read
   */
  public static void read(Path file, RunSpec run, Parameters into, int k) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      requireRun(in, run);
      in.requireChecksum();
      fill(in, into, k, TensorNames.SAME, false);
    }
  }

  /**
   * Reads the weights of a model trained elsewhere into row {@code k}, converting them to its
   * floating-point format. Wrappers in the names, {@code module} and {@code _orig_mod}, are left
   * out.
   *
   * @throws FormatException if the file is no safetensors file, a tensor is missing, surplus or of
   *     another shape, or a value is not finite, naming it, what is required and what came
   * @throws IOException if the file is missing or cannot be read
   */
  public static void read(Path file, Parameters into, int k) throws IOException {
    read(file, TensorNames.SAME, into, k);
  }

  /** The same with other names of the tensors. */
  public static void read(Path file, TensorNames names, Parameters into, int k) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      in.requireChecksum();
      fill(in, into, k, names, true);
    }
  }

  private static void fill(
      SafetensorsFile in, Parameters into, int k, TensorNames renamed, boolean requiresFinite)
      throws IOException {
    for (Map.Entry<ParameterView, StoredTensor> entry :
        tensors(in, into.layout(), renamed).entrySet()) {
      try (PointerScope scope = new PointerScope()) {
        ParameterView view = entry.getKey();
        Tensor came = Safetensors.read(in, entry.getValue());
        Tensor converted = came.to(Tensors.type(into.rows()));
        if (requiresFinite && !converted.isfinite().all().item_bool()) {
          throw notFinite(in, entry.getValue(), came);
        }
        view.of(into.row(k)).copy_(converted.view(view.sizes()));
      }
    }
  }

  private static FormatException notFinite(SafetensorsFile in, StoredTensor stored, Tensor came) {
    double[] values = Tensors.doubles(came);
    int at = 0;
    while (Double.isFinite((float) values[at])) {
      at++;
    }
    return new FormatException(
        in.where(),
        "tensor %s has the value %s at place %d of shape %s; expected finite numbers%s"
            .formatted(
                stored.shownName(),
                values[at],
                at,
                stored.shownShape(),
                Double.isFinite(values[at]) ? " of float32 (or --precision float64)" : ""));
  }

  /** The file must say that it holds the weights of that run, and nothing that is unknown here. */
  private static void requireRun(SafetensorsFile in, RunSpec run) throws FormatException {
    Map<String, String> metadata = in.metadata();
    String text = metadata.get(RUN);
    if (text == null || !text.equals(run.canonical())) {
      throw new FormatException(
          in.where(),
          "holds weights of %s; expected run %s"
              .formatted(text == null ? "no run" : "run " + RunId.of(text), run.id()));
    }
    Set<String> unknown = new HashSet<>(metadata.keySet());
    unknown.removeAll(KEYS);
    FormatException.require(
        unknown.isEmpty(), in.where(), "its metadata has keys that this version does not write");
  }

  /** The tensor of each parameter, after a look at names and shapes alone. */
  private static Map<ParameterView, StoredTensor> tensors(
      SafetensorsFile in, ParameterLayout layout, TensorNames renamed) throws FormatException {
    Map<String, StoredTensor> stored = named(in, renamed);
    List<ParameterView> views = parameterViews(layout);
    requireNames(in, stored, views.stream().map(ParameterView::name).toList());
    Map<ParameterView, StoredTensor> tensors = new LinkedHashMap<>();
    for (ParameterView view : views) {
      StoredTensor came = Objects.requireNonNull(stored.get(view.name()));
      FormatException.require(
          came.shape().equals(view.shape()),
          in.where(),
          "tensor %s has shape %s; expected %s"
              .formatted(came.shownName(), came.shownShape(), view.shape()));
      tensors.put(view, came);
    }
    return tensors;
  }

  /** The file must have these tensors and no others; the message names all that differ. */
  private static void requireNames(
      SafetensorsFile in, Map<String, StoredTensor> stored, List<String> names)
      throws FormatException {
    List<String> surplus =
        stored.entrySet().stream()
            .filter(entry -> !names.contains(entry.getKey()))
            .map(entry -> entry.getValue().shownName())
            .toList();
    List<String> missing = names.stream().filter(name -> !stored.containsKey(name)).toList();
    if (!surplus.isEmpty()) {
      throw new FormatException(
          in.where(),
          "surplus tensor %s, this architecture has %s%s%s%s"
              .formatted(
                  surplus.getFirst(),
                  names,
                  others("; surplus too: ", surplus.subList(1, surplus.size())),
                  others("; missing: ", missing),
                  advice(surplus, missing)));
    }
    if (!missing.isEmpty()) {
      throw new FormatException(
          in.where(),
          "tensor %s is missing%s"
              .formatted(
                  missing.getFirst(),
                  others("; missing too: ", missing.subList(1, missing.size()))));
    }
  }

  private static String advice(List<String> surplus, List<String> missing) {
    if (!missing.isEmpty()) {
      return "; --names FILE renames tensors";
    }
    return surplus.stream().allMatch(name -> name.startsWith("prior."))
        ? "; --prior PRIOR names the model's prior"
        : "";
  }

  private static String others(String heading, List<String> names) {
    return names.isEmpty()
        ? ""
        : heading
            + names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
            + (names.size() > MOST_NAMED
                ? " and %s more".formatted(names.size() - MOST_NAMED)
                : "");
  }

  /** The shape of each tensor of a file, by its name here; reads no values. */
  static Map<String, List<Long>> shapes(Path file, TensorNames renamed) throws IOException {
    try (SafetensorsFile in = SafetensorsFile.open(file)) {
      Map<String, List<Long>> shapes = new TreeMap<>();
      named(in, renamed).forEach((name, tensor) -> shapes.put(name, tensor.shape()));
      return shapes;
    }
  }

  /** The shape of each tensor that a layout has. */
  static Map<String, List<Long>> shapes(ParameterLayout layout) {
    Map<String, List<Long>> shapes = new TreeMap<>();
    parameterViews(layout).forEach(view -> shapes.put(view.name(), view.shape()));
    return shapes;
  }

  /** The tensors by their names here, without wrappers, in alphabetical order. */
  private static Map<String, StoredTensor> named(SafetensorsFile in, TensorNames renamed)
      throws FormatException {
    Map<String, StoredTensor> unwrapped = new TreeMap<>();
    for (StoredTensor tensor : in.tensors().values()) {
      String name = renamed.of(TensorNames.unwrapped(tensor.name()));
      if (name == null) {
        continue; // left out by the user
      }
      StoredTensor other = unwrapped.put(name, tensor);
      if (other != null) {
        throw new FormatException(
            in.where(),
            "tensors %s and %s are the same parameter, %s; expected one of them"
                .formatted(other.shownName(), tensor.shownName(), name));
      }
    }
    return unwrapped;
  }

  /**
   * Views with PyTorch's names into a row of parameters; gradients can be looked at the same way.
   * Their values stand in PyTorch's order. Their shapes are PyTorch's, but for a {@code Linear}
   * beside a convolution: there planes, rows and columns are axes of their own.
   */
  public static Map<String, Tensor> views(Parameters parameters, int k) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    Tensor row = parameters.row(k);
    parameterViews(parameters.layout()).forEach(view -> views.put(view.name(), view.of(row)));
    return views;
  }

  private static List<ParameterView> parameterViews(ParameterLayout layout) {
    return layout.groups().stream().flatMap(group -> group.views().stream()).toList();
  }
}
