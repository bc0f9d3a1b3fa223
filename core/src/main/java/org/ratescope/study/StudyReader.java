package org.ratescope.study;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Stopping;
import org.ratescope.spec.Training;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.spec.text.Wording;
import org.ratescope.yaml.SourceLocation;
import org.ratescope.yaml.StudyFileException;
import org.ratescope.yaml.ValueParser;
import org.ratescope.yaml.YamlNode;
import org.ratescope.yaml.YamlNode.Group;

/**
 * The keys of a study file, their allowed values and their defaults. This class contains each
 * default once; those of training are {@link Training#paper}.
 */
final class StudyReader {
  private static final String ANALYSES = "analyses";
  private static final String DETAILS = "details";
  private static final String TWIN_HALVES = "twin-halves";
  private static final String LEAVE_ONE_OUT = "leave-one-out";
  private static final String EVALUATION = "evaluation";
  private static final List<String> EVALUATION_KEYS = List.of("estimators", "examples", DETAILS);

  /** Stands for an empty list, if one is allowed. */
  private static final String NONE = "none";

  /** Keys of a study and of a profile, in the order of the documentation. */
  static final List<String> KEYS =
      List.of(
          "name",
          "title",
          "data",
          "splits",
          "architectures",
          "latent",
          "likelihood",
          "prior",
          "objective",
          "restarts",
          "seed",
          "training",
          "evaluation",
          "figures",
          ANALYSES,
          TWIN_HALVES,
          LEAVE_ONE_OUT);

  static final String PROFILES = "profiles";
  static final List<String> KEYS_AND_PROFILES =
      Stream.concat(KEYS.stream(), Stream.of(PROFILES)).toList();

  /** A study with more runs is probably a mistake; the paper has 6,000. */
  static final int MAX_RUNS = 1_000_000;

  /** JSON readers that know only doubles cannot represent larger seeds exactly. */
  private static final long MAX_SEED = (1L << 53) - MAX_RUNS;

  /** Table A1: a latent space of 10 dimensions. */
  private static final List<Integer> LATENT_SIZES = List.of(10);

  /** Section 4.3. */
  private static final int RESTARTS = 5;

  private static final long SEED = 0;

  /** Appendix A.2. */
  private static final List<Likelihood> LIKELIHOODS = List.of(Likelihood.parse("bernoulli"));

  /** Section 2. */
  private static final List<Prior> PRIORS = List.of(Prior.normal());

  /** The terms of Equation 1 and their sum. */
  private static final List<String> ESTIMATORS = List.of("distortion", "rate", "elbo");

  /** Figure 3. */
  private static final List<String> FIGURES = List.of("rate-distortion");

  private static final String TRAINING = "training";
  private static final List<String> TRAINING_KEYS =
      List.of(
          "iterations",
          "batch",
          "learning-rate",
          "precision",
          "products",
          "early-stopping",
          "repeat-diverged");

  /** The keys of the mappings of a study. */
  static final Map<String, List<String>> SECTIONS =
      Map.of(
          TRAINING,
          TRAINING_KEYS,
          EVALUATION,
          EVALUATION_KEYS,
          "objective",
          ObjectiveReader.OBJECTIVES);

  private static final ValueParser<Precision> PRECISION =
      ValueParser.words(
          Stream.of(Precision.values()).map(Precision::text).toList(), Precision::parse);
  private static final ValueParser<Training.Products> PRODUCTS =
      ValueParser.words(
          Stream.of(Training.Products.values()).map(Training.Products::text).toList(),
          Training.Products::parse);
  private static final ValueParser<Optional<Precision>> REPEAT =
      ValueParser.parsed(Precision.FLOAT64.text(), StudyReader::doublePrecision)
          .map(Optional::of)
          .or("never", Optional.empty());

  static final ValueParser<String> TITLE =
      ValueParser.matching("1 to 200 characters in one line", Pattern.compile(".{1,200}"));
  private static final ValueParser<Integer> LATENT_SIZE =
      ValueParser.whole(1, RunSpec.MAX_LATENT_SIZE).map(Math::toIntExact);
  private static final ValueParser<Integer> EXAMPLES =
      ValueParser.whole(2, Evaluation.ALL).map(Math::toIntExact).or("all", Evaluation.ALL);

  private static final ValueParser<String> NAME = ValueParser.name(List.of());

  private final String fallbackName;
  private final StudyFile.Vocabulary vocabulary;

  /**
   * A reader of one file.
   *
   * @param fallbackName the study's name if the file gives none
   * @param vocabulary names of estimators and figures
   */
  StudyReader(String fallbackName, StudyFile.Vocabulary vocabulary) {
    this.fallbackName = fallbackName;
    this.vocabulary = vocabulary;
  }

  /** The study that a mapping of {@link #KEYS} describes. */
  Study study(Group file) throws StudyFileException {
    String name = name(file);
    DataSpec data = DataReader.read(file.required("data", DataSpec.allowed()));
    Study study =
        new Study(
            name,
            file.one("title", TITLE, name),
            data,
            splits(file),
            file.list(
                "architectures",
                ValueParser.parsed(Architecture.allowed(), Architecture::parse)
                    .hint(vocabulary.pluginHint())),
            file.list("latent", LATENT_SIZE, LATENT_SIZES),
            file.list(
                "likelihood",
                ValueParser.parsed(Likelihood.allowed(), Likelihood::parse)
                    .hint(vocabulary.pluginHint()),
                LIKELIHOODS),
            file.list(
                "prior",
                ValueParser.parsed(Prior.allowed(), Prior::parse).hint(vocabulary.pluginHint()),
                PRIORS),
            ObjectiveReader.read(file, data),
            file.whole("restarts", 1, 10_000, RESTARTS),
            file.one("seed", ValueParser.whole(0, MAX_SEED), SEED),
            trainings(file),
            file.section(TRAINING, TRAINING_KEYS).one("repeat-diverged", REPEAT, Optional.empty()),
            evaluation(file),
            file.list("figures", ValueParser.name(vocabulary.figures()), FIGURES),
            listOrNone(
                file,
                ANALYSES,
                ValueParser.words(
                    Stream.of(Analysis.Kind.values()).map(Analysis.Kind::text).toList(),
                    Analysis.Kind::parse)));
    return checked(study, file);
  }

  private String name(Group file) throws StudyFileException {
    YamlNode given = file.entries().get("name");
    return given == null ? nameOf("file", fallbackName, file.place()) : NAME.one(given);
  }

  /**
   * The name of the file or folder, for files without the key.
   *
   * @throws StudyFileException if the name is not allowed, with a suggestion
   */
  static String nameOf(String what, String name, SourceLocation place) throws StudyFileException {
    if (name.isEmpty()
        || NAME.reading().apply(new YamlNode.Scalar(place, name, YamlNode.Kind.TEXT)).isEmpty()) {
      String plain = name.replaceAll("[^A-Za-z0-9_-]+", "-");
      String cut = plain.substring(0, Math.min(64, plain.length()));
      throw place
          .under("name", 1)
          .problem(
              "missing, and the %s's name %s cannot stand for it"
                  .formatted(what, Wording.quoted(name)),
              NAME.sentence() + ", for example name: " + (cut.matches("-*") ? "study" : cut));
    }
    return name;
  }

  private static Study checked(Study study, Group file) throws StudyFileException {
    SourceLocation place = file.place();
    requireSubjects(study, file);
    boolean closedForm = study.objectives().stream().allMatch(Objective::usesClosedFormRate);
    YamlNode batch = file.section(TRAINING, TRAINING_KEYS).entries().get("batch");
    if (batch != null && study.training().batch() < 2 && !closedForm) {
      throw batch
          .place()
          .error(
              batch.came(),
              "at least 2 beside an objective whose two weights differ, since log q(z) is estimated"
                  + " from the batch");
    }
    if (!(study.size() <= MAX_RUNS)) {
      throw place.error(
          String.format(Locale.ROOT, "a grid of %.0f runs", study.size()),
          "at most " + MAX_RUNS + " runs");
    }
    return study;
  }

  private static List<Training> trainings(Group file) throws StudyFileException {
    Group group = file.section(TRAINING, TRAINING_KEYS);
    Training paper = Training.paper();
    Training training =
        new Training(
                group.whole("iterations", 1, Integer.MAX_VALUE, paper.iterations()),
                group.whole("batch", 1, Training.MAX_BATCH, paper.batch()),
                group.one("learning-rate", ValueParser.positive(), paper.learningRate()),
                group.one("precision", PRECISION, paper.precision()))
            .products(group.one("products", PRODUCTS, paper.products()));
    return group
        .list(
            "early-stopping",
            ValueParser.parsed(Stopping.ALLOWED, Stopping::parse),
            List.of(paper.stopping()))
        .stream()
        .map(training::stopping)
        .toList();
  }

  private Evaluation evaluation(Group file) throws StudyFileException {
    Group group = file.section(EVALUATION, EVALUATION_KEYS);
    LinkedHashSet<String> estimators =
        new LinkedHashSet<>(
            group.list(
                "estimators",
                ValueParser.name(vocabulary.estimators()).hint(vocabulary.pluginHint()),
                ESTIMATORS));
    if (twinHalves(file)) {
      estimators.add("twinHalves");
    }
    if (folds(file) > 0) {
      estimators.add("leaveOneOut");
    }
    return new Evaluation(
        List.copyOf(estimators),
        group.one("examples", EXAMPLES, Evaluation.ALL),
        listOrNone(
            group,
            DETAILS,
            ValueParser.words(
                Stream.of(Detail.values()).map(Detail::text).toList(), Detail::parse)));
  }

  /** The splits that the file lists, each followed by those without a fold of its training set. */
  private static List<Split> splits(Group file) throws StudyFileException {
    LinkedHashSet<Split> splits = new LinkedHashSet<>();
    for (Split split : file.list("splits", ValueParser.parsed(Split.ALLOWED, Split::parse))) {
      splits.add(split);
      if (split.fold().isEmpty()) {
        addFolds(split, twinHalves(file) ? 2 : 0, splits);
        addFolds(split, folds(file), splits);
      }
    }
    return List.copyOf(splits);
  }

  private static void addFolds(Split split, int folds, Set<Split> splits) {
    for (int left = 1; left <= folds; left++) {
      splits.add(new Split.WithoutFold(split, left, folds));
    }
  }

  private static boolean twinHalves(Group file) throws StudyFileException {
    return file.one(
        TWIN_HALVES, ValueParser.words(List.of("true", "false"), Boolean::parseBoolean), false);
  }

  /** Number of folds; 0 for none. */
  private static int folds(Group file) throws StudyFileException {
    return file.one(
        LEAVE_ONE_OUT,
        ValueParser.whole(2, Split.WithoutFold.MOST).map(Math::toIntExact).or(NONE, 0),
        0);
  }

  /** The values of a key that most files omit, or set to none. */
  private static <T> List<T> listOrNone(Group group, String key, ValueParser<T> allowed)
      throws StudyFileException {
    YamlNode setting = group.entries().get(key);
    boolean none = setting instanceof YamlNode.Scalar scalar && scalar.text().equals(NONE);
    ValueParser<T> said =
        new ValueParser<>(
            NONE + ", or a list of " + allowed.sentence(), allowed.hint(), allowed.reading());
    return none ? List.of() : group.list(key, said, List.of());
  }

  /** Checks that the requested analyses and details are possible for the data and codes. */
  private static void requireSubjects(Study study, Group file) throws StudyFileException {
    for (Analysis.Kind kind : study.analyses()) {
      YamlNode said = file.entries().get(ANALYSES);
      if (!kind.isAbout(study.data()) && said != null) {
        throw said.place()
            .error(
                kind.text(),
                "%s for tetrominoes only, whose factors can be moved".formatted(kind.text()));
      }
    }
    YamlNode details = file.section(EVALUATION, EVALUATION_KEYS).entries().get(DETAILS);
    if (details != null
        && study.evaluation().details().contains(Detail.LATENT_PLANE)
        && !study.latentSizes().contains(2)) {
      throw details
          .place()
          .error(
              Detail.LATENT_PLANE.text(),
              "%s where latent has the value 2, it has %s"
                  .formatted(Detail.LATENT_PLANE.text(), study.latentSizes()));
    }
  }

  private static Precision doublePrecision(String text) {
    if (Precision.parse(text) != Precision.FLOAT64) {
      throw new IllegalArgumentException("got \"%s\"; expected float64 or never".formatted(text));
    }
    return Precision.FLOAT64;
  }
}
