package org.ratescope.dataset;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ratescope.spec.RunRandom;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;

/**
 * The splits of data sets with labels: all sets except the Tetrominoes, whose splits are those of
 * the authors' generator. The training set and the test set keep the order of the rows. Described
 * in docs/data.md.
 */
public final class LabelledSplits {
  private final String data;
  private final Labels labels;
  private final int officialTrain;
  private final int[] varying; // factors with more than one value
  private final int classFactor; // -1 if there is none

  private LabelledSplits(String data, Labels labels, int officialTrain) {
    this.data = data;
    this.labels = labels;
    this.officialTrain = officialTrain;
    this.varying =
        IntStream.range(0, labels.names().size()).filter(f -> labels.count(f) > 1).toArray();
    this.classFactor = labels.names().indexOf(Labels.CLASS);
  }

  /**
   * The splits of a data set that was published in one part.
   *
   * @param data its name, for messages
   */
  public static LabelledSplits of(String data, Labels labels) {
    return new LabelledSplits(data, labels, 0);
  }

  /**
   * The splits of a data set that was published in two parts.
   *
   * @param trainRows size of the training part, which comes first
   */
  public static LabelledSplits inParts(String data, Labels labels, int trainRows) {
    return new LabelledSplits(data, labels, trainRows);
  }

  /**
   * The rows of a split.
   *
   * @throws IllegalArgumentException if the split is impossible for this data, naming the possible
   *     ones, or if it leaves one set empty
   */
  public Partition partition(Split split) {
    Partition partition =
        switch (split) {
          case Split.Default d -> random(0.5);
          case Split.ConstantVolume cv -> random(cv.ratio());
          case Split.Checkerboard c -> checkerboard(c);
          case Split.ConstantDensity cd -> cropped(cd);
          case Split.Official o -> official(o);
          case Split.HeldOut out -> heldOut(out);
          case Split.WithoutFold without -> partition(without.of()).without(without);
        };
    for (Subset subset : Subset.values()) {
      if (partition.size(subset) == 0) {
        throw new IllegalArgumentException(
            "split %s leaves no %s rows of %d"
                .formatted(split.text(), subset.text(), labels.rows()));
      }
    }
    return partition;
  }

  /**
   * The training set is the first rows of a fixed random order: RATIO·N of them, rounded half up.
   */
  private Partition random(double ratio) {
    int[] order = IntStream.range(0, labels.rows()).toArray();
    RunRandom.of(0, RunRandom.Stream.SPLIT, 0).shuffle(order);
    boolean[] trains = new boolean[order.length];
    long cut = Math.round(ratio * order.length);
    for (int i = 0; i < cut; i++) {
      trains[order[i]] = true;
    }
    return where(row -> trains[row], row -> !trains[row]);
  }

  private Partition checkerboard(Split.Checkerboard split) {
    require(varying.length >= 2, split, "fewer than two factors that vary");
    IntPredicate trains =
        row -> Arrays.stream(varying).map(f -> cell(row, f, split.cells())).sum() % 2 == 0;
    return where(trains, trains.negate());
  }

  /** If a factor has fewer values than cells, each value has its own cell. */
  private int cell(int row, int factor, int cells) {
    int values = labels.count(factor);
    return (int) ((long) labels.index(row, factor) * Math.min(cells, values) / values);
  }

  private Partition cropped(Split.ConstantDensity split) {
    require(varying.length >= 2, split, "fewer than two factors that vary");
    double side = StrictMath.pow(split.ratio(), 1.0 / varying.length);
    Partition whole = random(0.5);
    IntPredicate inside = row -> Arrays.stream(varying).allMatch(f -> central(row, f, side));
    return Partition.of(
        Arrays.stream(whole.rows(Subset.TRAIN)).filter(inside).toArray(),
        Arrays.stream(whole.rows(Subset.TEST)).filter(inside).toArray());
  }

  /** Whether the value of a row is among the middle ones: SIDE·values of them, at least one. */
  private boolean central(int row, int factor, double side) {
    int values = labels.count(factor);
    int kept = Math.clamp(Math.round(side * values), 1, values);
    int first = (values - kept) / 2;
    int index = labels.index(row, factor);
    return index >= first && index < first + kept;
  }

  private Partition official(Split split) {
    require(officialTrain > 0, split, "no published parts");
    return where(row -> row < officialTrain, row -> row >= officialTrain);
  }

  private Partition heldOut(Split.HeldOut split) {
    require(classFactor >= 0, split, "no classes");
    int held = classIndex(split);
    IntPredicate of = row -> labels.index(row, classFactor) == held;
    return officialTrain > 0
        ? where(
            row -> row < officialTrain && !of.test(row),
            row -> row >= officialTrain && of.test(row))
        : where(of.negate(), of);
  }

  /**
   * The class with that name, else with that name in another Unicode form, else with that number.
   */
  private int classIndex(Split.HeldOut split) {
    List<String> known = classes();
    int index = known.indexOf(split.label());
    if (index < 0) {
      String composed = composed(split.label());
      index = known.stream().map(LabelledSplits::composed).toList().indexOf(composed);
    }
    if (index < 0 && labels.named(classFactor)) {
      index = numbers().indexOf(split.label());
    }
    require(index >= 0, split, "no class " + Split.HeldOut.offered(split.label()));
    return index;
  }

  /** An accent may be a separate character, as in file names of macOS. */
  private static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** The names of the classes in splits, in the order of their numbers. */
  private List<String> classes() {
    return Arrays.stream(labels.values(classFactor))
        .mapToObj(value -> labels.text(classFactor, value))
        .toList();
  }

  private List<String> numbers() {
    return Arrays.stream(labels.values(classFactor))
        .mapToObj(value -> Long.toString((long) value))
        .toList();
  }

  private void require(boolean possible, Split split, String reason) {
    if (!possible) {
      throw new IllegalArgumentException(
          "split %s is impossible for %s, which has %s; expected %s"
              .formatted(split.text(), data, reason, String.join(", ", possible())));
    }
  }

  private List<String> possible() {
    List<String> possible = new ArrayList<>(List.of("default", "cv:RATIO"));
    if (varying.length >= 2) {
      possible.addAll(List.of("checkerboard", "checkerboard:CELLS", "cd:RATIO"));
    }
    if (officialTrain > 0) {
      possible.add("official");
    }
    if (classFactor >= 0) {
      possible.add("heldout:CLASS with CLASS one of " + shown(classes()));
    }
    return possible;
  }

  private static String shown(List<String> classes) {
    int most = 20;
    String first =
        classes.stream().limit(most).map(Split.HeldOut::offered).collect(Collectors.joining(" "));
    return classes.size() <= most ? first : first + " …";
  }

  private Partition where(IntPredicate trains, IntPredicate tests) {
    return Partition.of(
        IntStream.range(0, labels.rows()).filter(trains).toArray(),
        IntStream.range(0, labels.rows()).filter(tests).toArray());
  }
}
