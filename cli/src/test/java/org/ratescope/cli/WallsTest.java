package org.ratescope.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ratescope.cli.process.ProgressListeners;
import org.ratescope.results.store.Timing;

/** The rules of docs/architecture.md, over the classes of all modules of the command line. */
@AnalyzeClasses(
    packages = "org.ratescope",
    importOptions = {DoNotIncludeTests.class, WallsTest.NoTestJars.class})
class WallsTest {
  private static final String CLI = "org.ratescope.cli..";
  private static final String NATIVE = "org.bytedeco..";

  /** Test classes of other modules are in a separate jar. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.ratescope.(**)").should().beFreeOfCycles();

  /** A parent package and all its sub-packages, except the groups of commands. */
  @ArchTest
  static final ArchRule PARENT_PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.ratescope.(*)..").should().beFreeOfCycles();

  @ArchTest
  static void simpleNamesAreUnique(JavaClasses classes) {
    Map<String, List<String>> packages =
        classes.stream()
            .filter(c -> !c.isNestedClass() && !c.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    Collectors.mapping(JavaClass::getPackageName, Collectors.toList())));
    assertThat(packages.entrySet())
        .allSatisfy(e -> assertThat(e.getValue()).as(e.getKey()).hasSize(1));
  }

  /** More types than this are more than one subject. */
  private static final int MOST_TYPES = 20;

  @ArchTest
  static void packagesAreSmall(JavaClasses classes) {
    Map<String, Long> types =
        classes.stream()
            .filter(c -> !c.isNestedClass() && !c.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(types.entrySet())
        .allSatisfy(e -> assertThat(e.getValue()).as(e.getKey()).isLessThanOrEqualTo(MOST_TYPES));
  }

  @ArchTest
  static final ArchRule NATIVE_CODE_STAYS_IN_THE_COMPUTING_PACKAGES =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.ratescope.tensor..",
              "org.ratescope.model..",
              "org.ratescope.train..",
              "org.ratescope.estimate..",
              "org.ratescope.evaluate..",
              "org.ratescope.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(NATIVE);

  @ArchTest
  static final ArchRule THE_READING_HALF_REACHES_NO_NATIVE_CODE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.ratescope.spec..",
              "org.ratescope.yaml..",
              "org.ratescope.study..",
              "org.ratescope.results..",
              "org.ratescope.sql..",
              "org.ratescope.parquet..",
              "org.ratescope.figure..",
              "org.ratescope.claim..",
              "org.ratescope.statistic..",
              "org.ratescope.page..",
              "org.ratescope.live..")
          .should()
          .transitivelyDependOnClassesThat()
          .resideInAPackage(NATIVE);

  @ArchTest
  static final ArchRule FILE_FORMATS_KNOW_BYTES_AND_SHAPES_ONLY =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.ratescope.dataset.format..",
              "org.ratescope.dataset.picture..",
              "org.ratescope.dataset.hdf5..")
          .should()
          .dependOnClassesThat(
              JavaClass.Predicates.resideInAPackage("org.ratescope..")
                  .and(
                      JavaClass.Predicates.resideOutsideOfPackages(
                          "org.ratescope.dataset.format..",
                          "org.ratescope.dataset.picture..",
                          "org.ratescope.dataset.hdf5..",
                          "org.ratescope.io.."))); // what is opened is a regular file

  @ArchTest
  static final ArchRule EVERY_CLASS_IS_ABSTRACT_OR_FINAL =
      classes()
          .that()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .areNotAnonymousClasses()
          .should()
          .haveModifier(JavaModifier.FINAL)
          .orShould()
          .haveModifier(JavaModifier.ABSTRACT);

  @ArchTest
  static final ArchRule NO_DUMPING_GROUNDS =
      noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Factory)(\\$.*)?");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS_AND_EXITS_AND_READS_THE_ENVIRONMENT =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callCodeUnitWhere(
              calls(
                  "java.lang.System.(exit|getenv|console)",
                  "java.lang.Runtime.(exit|halt)",
                  ".*.printStackTrace"));

  @ArchTest
  static final ArchRule RANDOMNESS_HAS_A_SEED =
      noClasses()
          .should()
          .callCodeUnitWhere(
              calls(
                      "java.lang.Math.random",
                      "java.util.UUID.randomUUID",
                      "java.util.concurrent.ThreadLocalRandom.*",
                      "java.security.SecureRandom.*",
                      "java.util.random.RandomGenerator.(of|getDefault)")
                  .or(callsWithoutArguments("java.util.(Random|SplittableRandom).<init>")));

  @ArchTest
  static final ArchRule NO_WALL_CLOCK_OUTSIDE_TIMINGS =
      noClasses()
          .that()
          .areNotAssignableTo(Timing.class)
          .and()
          .areNotAssignableTo(
              ProgressListeners.class) // event files and MLflow need the time of day
          .should()
          .callCodeUnitWhere(
              calls(
                      "java.lang.System.currentTimeMillis",
                      "java.time..*.now",
                      "java.time.Clock.(system.*|tick.*)")
                  .or(callsWithoutArguments("java.util.(Date|GregorianCalendar).<init>")));

  private static DescribedPredicate<JavaCall<?>> calls(String... targets) {
    Pattern pattern = Pattern.compile(String.join("|", targets));
    return DescribedPredicate.describe(
        "calls of " + pattern,
        call ->
            pattern
                .matcher(call.getTargetOwner().getName() + "." + call.getTarget().getName())
                .matches());
  }

  private static DescribedPredicate<JavaCall<?>> callsWithoutArguments(String target) {
    return calls(target)
        .and(
            DescribedPredicate.describe(
                "without arguments", call -> call.getTarget().getRawParameterTypes().isEmpty()));
  }
}
