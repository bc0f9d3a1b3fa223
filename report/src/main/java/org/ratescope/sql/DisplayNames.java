package org.ratescope.sql;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ratescope.results.Provenance;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.data.DataSpec;

/** The words and numbers people read on axes, in tables and in sentences. */
public final class DisplayNames {
  private static final MathContext SIX_DIGITS = new MathContext(6);

  /** The paper's way to write a data set whose name is no word. */
  private static final Map<String, String> DATA_SETS =
      Map.of(
          "tetrominoes", "Tetrominoes",
          "mnist", "MNIST",
          "fashion-mnist", "Fashion-MNIST",
          "smallnorb", "SmallNORB",
          "3dshapes", "3dShapes");

  private DisplayNames() {}

  /** A data set as the paper writes it, with the images' size. */
  static String data(DataSpec data) {
    String name = DATA_SETS.getOrDefault(data.name(), data.name());
    return "%s (%s×%s)".formatted(name, data.height(), data.width());
  }

  /**
   * A split as the paper writes it, {@code CV (16k/147k)}; with its ratio while sizes are unknown.
   */
  static String split(Split split, @Nullable Provenance sizes) {
    String name =
        switch (split) {
          case Split.Default ignored -> "Default";
          case Split.Checkerboard board ->
              "Checkerboard" + (board.cells() == 2 ? "" : " of %s cells".formatted(board.cells()));
          case Split.Official ignored -> "Official";
          case Split.HeldOut out -> "Without " + out.label();
          case Split.ConstantVolume cv -> "CV" + (sizes == null ? " " + number(cv.ratio()) : "");
          case Split.ConstantDensity cd -> "CD" + (sizes == null ? " " + number(cd.ratio()) : "");
        };
    return sizes == null
        ? name
        : "%s (%s/%s)".formatted(name, count(sizes.trainExamples()), count(sizes.testExamples()));
  }

  /** A rule for ending a run, in words. */
  static String stopping(Stopping stopping) {
    return switch (stopping) {
      case Stopping.Never ignored -> "all iterations";
      case Stopping.Patience ignored -> "early stopping";
    };
  }

  /** A number of examples, in thousands from 1,000 on: {@code 16k}. */
  public static String count(int examples) {
    return examples < 1000 ? Integer.toString(examples) : Math.round(examples / 1000.0) + "k";
  }

  /** A number to six digits, without trailing zeros. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros();
    boolean plain = value == 0 || (Math.abs(value) >= 1e-5 && Math.abs(value) < 1e12);
    return plain ? rounded.toPlainString() : rounded.toString();
  }

  /** "1 run", "2 runs". */
  public static String plural(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
