package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * An affine layer y = x W + b, with W [in, out] and b [out] in the row, and ReLU where requested.
 *
 * @param names PyTorch's names; more than one where several layers of equal width share a product,
 *     side by side
 * @param output over all names
 * @param weightOffset first value of the weights in the row
 * @param biasOffset first value of the biases in the row
 * @param readsImages whether x are images, of which most values may be zero
 */
public record DenseSpec(
    List<String> names,
    ImageShape input,
    ImageShape output,
    long weightOffset,
    long biasOffset,
    boolean relu,
    boolean readsImages)
    implements LayerSpec {
  public DenseSpec {
    names = List.copyOf(names);
  }

  static DenseSpec of(
      RowAllocator row,
      List<String> names,
      ImageShape input,
      ImageShape output,
      boolean relu,
      boolean readsImages) {
    long weight = row.take((long) input.dimensions() * output.dimensions());
    long bias = row.take(output.dimensions());
    return new DenseSpec(names, input, output, weight, bias, relu, readsImages);
  }

  /** Width of x. */
  int in() {
    return input.dimensions();
  }

  /** Width of y. */
  int out() {
    return output.dimensions();
  }

  @Override
  public long multiplications() {
    return (long) in() * out();
  }

  /** With a quarter of the image twice, each value with its index, where zeros are left out. */
  @Override
  public long gradientValues() {
    return (long) out() + (readsImages ? in() : 0);
  }

  @Override
  public List<ParameterGroup> parameters() {
    ImageShape part =
        new ImageShape(output.channels() / names.size(), output.height(), output.width());
    long size = part.dimensions();
    List<ParameterView.Axis> columns = ParameterView.channelsLast(part, 1);
    List<ParameterView.Axis> weightAxes = new ArrayList<>(columns);
    weightAxes.addAll(ParameterView.channelsLast(input, out()));
    List<ParameterGroup> groups = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      List<Long> shape = List.of(size, (long) in());
      long first = i * size;
      ParameterView weight =
          new ParameterView(names.get(i) + ".weight", shape, weightAxes, weightOffset + first);
      ParameterView bias =
          new ParameterView(names.get(i) + ".bias", List.of(size), columns, biasOffset + first);
      groups.add(
          new ParameterGroup(List.of(weight, bias), ParameterGroup.Initialization.uniform(in())));
    }
    return groups;
  }

  /** The weights of K runs, a view of their rows. [K, in, out] */
  Tensor weight(Tensor rows) {
    return rows.narrow(1, weightOffset, multiplications()).view(rows.size(0), in(), out());
  }

  /** The biases of K runs, a view of their rows. [K, 1, out] */
  Tensor bias(Tensor rows) {
    return rows.narrow(1, biasOffset, out()).view(rows.size(0), 1, out());
  }

  @Override
  public Layer bind(Binding binding) {
    return new Dense(this, binding);
  }
}
