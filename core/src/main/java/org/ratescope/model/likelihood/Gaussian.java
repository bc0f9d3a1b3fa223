package org.ratescope.model.likelihood;

import java.util.OptionalDouble;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.KindText;
import org.ratescope.spec.text.Wording;

/**
 * The Gaussian likelihood N(x; y, variance · I) with a fixed variance and y the decoder's output:
 * −log p(x|z) = ‖x − y‖² / (2 variance) + D/2 · log(2π variance). Negative where the fit is close
 * and the variance small (Figure A23 has variance 0.1).
 *
 * @param variance finite and above 0
 */
public record Gaussian(double variance) implements PixelDistribution {
  private static final String KIND = "gaussian";

  /** The example, with the variance of Figure A23. */
  public Gaussian() {
    this(0.1);
  }

  public Gaussian {
    Checks.positive("variance", variance);
  }

  @Override
  public String text() {
    return KIND + ":" + variance;
  }

  @Override
  public String form() {
    return KIND + ":VARIANCE with a variance above 0, for example " + text();
  }

  @Override
  public String displayName() {
    return "Gaussian (variance %s)".formatted(Wording.number(variance));
  }

  @Override
  public boolean hasPositiveDistortion() {
    return false;
  }

  @Override
  public @Nullable Gaussian read(String text) {
    return KindText.number(KIND, text, Gaussian::new);
  }

  @Override
  public Tensor distortion(Tensor output, Tensor x) {
    double constant = 0.5 * x.size(2) * Math.log(2 * Math.PI * variance);
    return output
        .sub(x)
        .square_()
        .sum(2L)
        .mul_(new Scalar(0.5 / variance))
        .add_(new Scalar(constant));
  }

  /** The normaliser's ½ log(2π variance), and the variance of the value over twice the variance. */
  @Override
  public OptionalDouble lowestDistortion(double mean, double meanSquare) {
    double scatter = Math.max(0, meanSquare - mean * mean);
    return OptionalDouble.of(0.5 * Math.log(2 * Math.PI * variance) + scatter / (2 * variance));
  }

  /** (output − x) / variance. */
  @Override
  public void gradient(Tensor output, Tensor x, Tensor into) {
    torch.sub_out(into, output, x);
    into.mul_(new Scalar(1 / variance));
  }

  @Override
  public Tensor mean(Tensor output) {
    return output.clone();
  }

  @Override
  public double sample(double output, RunRandom random, long index) {
    return output + Math.sqrt(variance) * random.normal(index);
  }
}
