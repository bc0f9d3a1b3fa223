package org.ratescope.model.layer.convolution;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.ratescope.model.layer.Binding;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.model.layer.Layer;
import org.ratescope.model.layer.LayerSpec;
import org.ratescope.model.layer.ParameterGroup;
import org.ratescope.model.layer.ParameterView;
import org.ratescope.model.layer.RowAllocator;

/**
 * A convolution, or the transposed convolution that mirrors it: kernel 4, stride 2, so that one
 * side has about twice the rows and columns of the other. The smaller side's m rows (or columns)
 * meet 2(m − 1) + 4 of the larger; what these are more than the H there are is padding, half of it
 * before the first row, rounded down. PyTorch's weight is [inner, outer, 4, 4] with inner the
 * channels of the smaller side; in memory outer is last.
 *
 * @param name PyTorch's name
 * @param place where it stands in its network
 * @param transposed whether the input is the smaller side
 * @param weightOffset first value of the weights in the row
 * @param biasOffset first value of the biases in the row
 */
public record ConvolutionSpec(
    String name,
    Place place,
    boolean transposed,
    ImageShape input,
    ImageShape output,
    long weightOffset,
    long biasOffset)
    implements LayerSpec {
  /** Rows and columns of every kernel, for all data sets of the paper (Table A1). */
  public static final int KERNEL = 4;

  /** Rows and columns from one place of the kernel to the next, likewise (Table A1). */
  public static final int STRIDE = 2;

  /** Rows and columns of padding on each side between hidden layers, whose sides are even. */
  private static final int HIDDEN_PADDING = 1;

  /** Where the layer stands. Images are plane by plane: the first and the last layer turn them. */
  public enum Place {
    /** It reads the images; ReLU follows. */
    IMAGES,
    /** It reads and gives values that lie channels last; ReLU follows. */
    HIDDEN,
    /** It gives the decoder's output. */
    OUTPUT
  }

  /** The layer with its places in the row. */
  public static ConvolutionSpec of(
      RowAllocator row,
      String name,
      Place place,
      boolean transposed,
      ImageShape input,
      ImageShape output) {
    long weight = row.take((long) input.channels() * output.channels() * KERNEL * KERNEL);
    long bias = row.take(output.channels());
    return new ConvolutionSpec(name, place, transposed, input, output, weight, bias);
  }

  /** The side with fewer rows and columns. */
  ImageShape small() {
    return transposed ? input : output;
  }

  /** The other side. */
  ImageShape large() {
    return transposed ? output : input;
  }

  /** The larger side with its padding. */
  public ImageShape padded() {
    return new ImageShape(large().channels(), reached(small().height()), reached(small().width()));
  }

  /** Rows of padding before the first. */
  public int top() {
    return (padded().height() - large().height()) / 2;
  }

  /** Columns of padding before the first. */
  public int left() {
    return (padded().width() - large().width()) / 2;
  }

  private static int reached(int places) {
    return STRIDE * (places - 1) + KERNEL;
  }

  /** For a transposed convolution too it is PyTorch's: channels of the output times 16. */
  private int fanIn() {
    return large().channels() * KERNEL * KERNEL;
  }

  @Override
  public long multiplications() {
    return (long) small().channels() * fanIn() * small().height() * small().width();
  }

  /** With the images' copy that has a border. */
  @Override
  public long values() {
    return (long) output.dimensions() + (place == Place.IMAGES ? padded().dimensions() : 0);
  }

  @Override
  public long gradientValues() {
    return values();
  }

  /** One run's output, and what the library makes of it for itself. */
  @Override
  public Transient transientValues() {
    return new Transient(2L * output.dimensions(), 0);
  }

  @Override
  public List<ParameterGroup> parameters() {
    return List.of(
        new ParameterGroup(
            List.of(weight(), bias()), ParameterGroup.Initialization.uniform(fanIn())));
  }

  private ParameterView weight() {
    long inner = small().channels();
    long outer = large().channels();
    long kernel = KERNEL;
    return new ParameterView(
        name + ".weight",
        List.of(inner, outer, kernel, kernel),
        List.of(
            new ParameterView.Axis(inner, outer * kernel * kernel),
            new ParameterView.Axis(outer, 1),
            new ParameterView.Axis(kernel, outer * kernel),
            new ParameterView.Axis(kernel, outer)),
        weightOffset);
  }

  private ParameterView bias() {
    long channels = output.channels();
    return new ParameterView(
        name + ".bias",
        List.of(channels),
        List.of(new ParameterView.Axis(channels, 1)),
        biasOffset);
  }

  /** The kernels of one run, a view. [K, P] → [inner, outer, 4, 4] */
  Tensor weight(Tensor rows, int k) {
    return weight().of(rows.select(0, k));
  }

  /** The biases of one run, a view. [K, P] → [out] */
  Tensor bias(Tensor rows, int k) {
    return bias().of(rows.select(0, k));
  }

  @Override
  public Layer bind(Binding binding) {
    return switch (place) {
      case IMAGES -> {
        PaddedInput images = new PaddedInput(this, binding.input());
        yield new Convolution(this, binding, images.output(), images, 0);
      }
      case HIDDEN -> new Convolution(this, binding, binding.input(), null, HIDDEN_PADDING);
      case OUTPUT -> new SubPixelDeconvolution(this, binding);
    };
  }
}
