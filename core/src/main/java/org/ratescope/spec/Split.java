package org.ratescope.spec;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.Quoted;
import org.ratescope.spec.text.Wording;

/**
 * A division of a data set into a training set and a test set (section 4.2 of the paper). Its text
 * form is what a study file says, {@code cv:0.1}. Which rows it selects is told in docs/data.md.
 */
public sealed interface Split {

  /** The text form, which {@link #parse} reads back. */
  String text();

  /** The word before the colon of the text form: {@code cv}. */
  default String kind() {
    return text().split(":", 2)[0];
  }

  /** The ratio of a split that has one: {@code cv} and {@code cd}. */
  default Optional<Double> share() {
    return Optional.empty();
  }

  /** The number of the fold that the training set leaves out, from 1; empty if it leaves none. */
  default Optional<Integer> fold() {
    return Optional.empty();
  }

  /** What it is called where its sizes are shown too: {@code CV}. */
  default String shortName() {
    return kind().substring(0, 1).toUpperCase(Locale.ROOT) + kind().substring(1);
  }

  /** What it is called: {@code CV 0.1}. */
  default String displayName() {
    return shortName() + share().map(ratio -> " " + Wording.number(ratio)).orElse("");
  }

  /** The 50/50 random split. */
  record Default() implements Split {
    @Override
    public String text() {
      return "default";
    }
  }

  /**
   * Training and test on alternate cells of a checkerboard over all factors.
   *
   * @param cells cells a factor, at least 2; the paper's are 2
   */
  record Checkerboard(int cells) implements Split {
    private static final int PAPER = 2;

    public Checkerboard {
      Checks.within("checkerboard cells", cells, 2, 1024);
    }

    /** The paper's, two cells a factor. */
    public Checkerboard() {
      this(PAPER);
    }

    @Override
    public String text() {
      return cells == PAPER ? "checkerboard" : "checkerboard:" + cells;
    }

    @Override
    public String shortName() {
      return "Checkerboard" + (cells == PAPER ? "" : " of " + cells + " cells");
    }
  }

  /**
   * Constant volume: training rows drawn at random from all rows; the other rows are the test set.
   *
   * @param ratio share of the rows that train, above 0 and at most 1
   */
  record ConstantVolume(double ratio) implements Split {
    public ConstantVolume {
      Checks.ratio("cv ratio", ratio);
    }

    @Override
    public String text() {
      return "cv:" + ratio;
    }

    @Override
    public Optional<Double> share() {
      return Optional.of(ratio);
    }

    @Override
    public String shortName() {
      return "CV";
    }
  }

  /**
   * Constant density: the default split cropped to a centred box of the factors.
   *
   * @param ratio share of the factors' volume that is kept, above 0 and at most 1
   */
  record ConstantDensity(double ratio) implements Split {
    public ConstantDensity {
      Checks.ratio("cd ratio", ratio);
    }

    @Override
    public String text() {
      return "cd:" + ratio;
    }

    @Override
    public Optional<Double> share() {
      return Optional.of(ratio);
    }

    @Override
    public String shortName() {
      return "CD";
    }
  }

  /** The training and the test part that a data set was published with. */
  record Official() implements Split {
    @Override
    public String text() {
      return "official";
    }
  }

  /**
   * Out of domain (appendix C.1): all classes but one train, that one tests. Where a data set has
   * published parts, its training part trains and its test part tests.
   *
   * @param label the class's name or number
   */
  record HeldOut(String label) implements Split {
    /** Texts as they have always been: they are part of run ids. */
    private static final Pattern BARE = Pattern.compile("(?!.*/without:\\d+of\\d+$)[^,;\\s]{1,64}");

    private static final Pattern PLAIN =
        Pattern.compile("[^,;:#'\"\\\\\\[\\]{}\\s\\p{Cc}\\p{Z}]{1,64}");

    public HeldOut {
      Quoted.checked(label);
    }

    static HeldOut parse(String text) {
      if (Quoted.begins(text)) {
        return new HeldOut(Quoted.parse(text));
      }
      if (text.isEmpty() || !text.equals(text.strip())) {
        throw new IllegalArgumentException("a class without a name is heldout:\"\"");
      }
      return new HeldOut(text);
    }

    /** A label as it may be written after {@code heldout:} anywhere, also inside a YAML list. */
    public static String offered(String label) {
      return Quoted.text(label, PLAIN);
    }

    @Override
    public String text() {
      return "heldout:" + Quoted.text(label, BARE);
    }

    @Override
    public String shortName() {
      return "Without " + label;
    }
  }

  /**
   * Another split, whose training set is divided at random into folds of nearly equal size, of
   * which one does not train. The test set stays. Two splits without one of two folds have disjoint
   * halves of the training set.
   *
   * @param of the other split, with its whole training set
   * @param left the number of the fold that is left out, from 1
   * @param folds their number, from 2
   */
  record WithoutFold(Split of, int left, int folds) implements Split {
    public static final int MOST = 1000;
    private static final Pattern TEXT = Pattern.compile("(.*)/without:(\\d{1,4})of(\\d{1,4})");

    public WithoutFold {
      Checks.within("folds", folds, 2, MOST);
      Checks.within("fold", left, 1, folds);
      if (of instanceof WithoutFold) {
        throw new IllegalArgumentException(
            "got folds of %s; expected a split with its whole training set".formatted(of.text()));
      }
    }

    static Optional<Split> read(String text) {
      Matcher matcher = TEXT.matcher(text);
      return matcher.matches()
          ? Optional.of(
              new WithoutFold(
                  Split.parse(matcher.group(1)),
                  Integer.parseInt(matcher.group(2)),
                  Integer.parseInt(matcher.group(3))))
          : Optional.empty();
    }

    /** The same with another fold left out. */
    public WithoutFold left(int other) {
      return new WithoutFold(of, other, folds);
    }

    @Override
    public String text() {
      return "%s/without:%dof%d".formatted(of.text(), left, folds);
    }

    @Override
    public String kind() {
      return of.kind();
    }

    @Override
    public Optional<Double> share() {
      return of.share();
    }

    @Override
    public Optional<Integer> fold() {
      return Optional.of(left);
    }

    @Override
    public String shortName() {
      return of.shortName() + suffix();
    }

    @Override
    public String displayName() {
      return of.displayName() + suffix();
    }

    private String suffix() {
      return " without fold %d of %d".formatted(left, folds);
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "default, official, checkerboard or checkerboard:CELLS with CELLS at least 2, heldout:CLASS,"
          + " cv:RATIO or cd:RATIO with RATIO above 0 and at most 1, for example cv:0.1; each also"
          + " with /without:FOLDofFOLDS, for example cv:0.1/without:1of2";

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Split parse(String text) {
    int colon = text.indexOf(':');
    String value = text.substring(colon + 1);
    try {
      Optional<Split> without = WithoutFold.read(text);
      if (without.isPresent()) {
        return without.get();
      }
      return switch (colon < 0 ? text : text.substring(0, colon + 1)) {
        case "default" -> new Default();
        case "official" -> new Official();
        case "checkerboard" -> new Checkerboard();
        case "checkerboard:" -> new Checkerboard(Integer.parseInt(value));
        case "heldout:" -> HeldOut.parse(value);
        case "cv:" -> new ConstantVolume(Double.parseDouble(value));
        case "cd:" -> new ConstantDensity(Double.parseDouble(value));
        default -> throw new IllegalArgumentException("unknown split");
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED), e);
    }
  }
}
