package org.ratescope.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.ratescope.spec.Architecture.Cnn;

/**
 * One layer and its place in a run's row of parameters. Between layers values lie channels last; a
 * layer's {@link #named} views say where PyTorch's parameters are.
 */
public sealed interface LayerSpec {

  /** What it reads. */
  ImageShape input();

  /** What it computes, over all names. */
  ImageShape output();

  /** First value of the weights in the row. */
  long weightOffset();

  /** First value of the biases in the row. */
  long biasOffset();

  /**
   * How many weights meet in one output value, as PyTorch counts: its initial values are uniform
   * within ±1/√fanIn.
   */
  int fanIn();

  /** Number of weights. */
  long weights();

  /** Number of biases. */
  long biases();

  /** Multiplications of its product for one example, those with padding among them. */
  long multiplications();

  /** PyTorch's parameters, in its order. */
  List<Named> named();

  /** Weight and bias that PyTorch knows under one name. */
  record Named(ParameterView weight, ParameterView bias) {}

  /**
   * An affine layer y = x W + b, with W [in, out] and b [out] in the row.
   *
   * @param names PyTorch's names; more than one where several layers of equal width share a
   *     product, side by side
   */
  record Affine(
      List<String> names, ImageShape input, ImageShape output, long weightOffset, long biasOffset)
      implements LayerSpec {
    public Affine {
      names = List.copyOf(names);
    }

    /** Width of x. */
    public int in() {
      return input.dimensions();
    }

    /** Width of y. */
    public int out() {
      return output.dimensions();
    }

    @Override
    public int fanIn() {
      return in();
    }

    @Override
    public long weights() {
      return (long) in() * out();
    }

    @Override
    public long biases() {
      return out();
    }

    @Override
    public long multiplications() {
      return weights();
    }

    @Override
    public List<Named> named() {
      ImageShape part =
          new ImageShape(output.channels() / names.size(), output.height(), output.width());
      long size = part.dimensions();
      List<ParameterView.Axis> columns = ParameterView.channelsLast(part, 1);
      List<ParameterView.Axis> weightAxes = new ArrayList<>(columns);
      weightAxes.addAll(ParameterView.channelsLast(input, out()));
      List<Named> named = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        List<Long> shape = List.of(size, (long) in());
        long first = i * size;
        named.add(
            new Named(
                new ParameterView(
                    names.get(i) + ".weight", shape, weightAxes, weightOffset + first),
                new ParameterView(
                    names.get(i) + ".bias", List.of(size), columns, biasOffset + first)));
      }
      return named;
    }
  }

  /**
   * A convolution, or the transposed convolution that mirrors it: kernel 4, stride 2, so that one
   * side has about twice the rows and columns of the other. The smaller side's m rows (or columns)
   * meet 2(m − 1) + 4 of the larger; what these are more than the H there are is padding, half of
   * it before the first row, rounded down. PyTorch's weight is [inner, outer, 4, 4] with inner the
   * channels of the smaller side; in memory outer is last.
   *
   * @param transposed whether the input is the smaller side
   */
  record Convolution(
      String name,
      boolean transposed,
      ImageShape input,
      ImageShape output,
      long weightOffset,
      long biasOffset)
      implements LayerSpec {

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
      return new ImageShape(
          large().channels(), reached(small().height()), reached(small().width()));
    }

    /** Rows of padding before the first. */
    int top() {
      return (padded().height() - large().height()) / 2;
    }

    /** Columns of padding before the first. */
    int left() {
      return (padded().width() - large().width()) / 2;
    }

    private static int reached(int places) {
      return Cnn.STRIDE * (places - 1) + Cnn.KERNEL;
    }

    /** For a transposed convolution too it is PyTorch's: channels of the output times 16. */
    @Override
    public int fanIn() {
      return large().channels() * Cnn.KERNEL * Cnn.KERNEL;
    }

    @Override
    public long weights() {
      return (long) small().channels() * fanIn();
    }

    @Override
    public long biases() {
      return output.channels();
    }

    @Override
    public long multiplications() {
      return weights() * small().height() * small().width();
    }

    @Override
    public List<Named> named() {
      long inner = small().channels();
      long outer = large().channels();
      long kernel = Cnn.KERNEL;
      ParameterView weight =
          new ParameterView(
              name + ".weight",
              List.of(inner, outer, kernel, kernel),
              List.of(
                  new ParameterView.Axis(inner, outer * kernel * kernel),
                  new ParameterView.Axis(outer, 1),
                  new ParameterView.Axis(kernel, outer * kernel),
                  new ParameterView.Axis(kernel, outer)),
              weightOffset);
      ParameterView bias =
          new ParameterView(
              name + ".bias",
              List.of(biases()),
              List.of(new ParameterView.Axis(biases(), 1)),
              biasOffset);
      return List.of(new Named(weight, bias));
    }
  }
}
