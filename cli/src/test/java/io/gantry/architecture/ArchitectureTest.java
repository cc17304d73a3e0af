package io.gantry.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.core.domain.properties.HasParameterTypes.Predicates.rawParameterTypes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass.Predicates;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Socket;

/**
 * The drawing of ARCHITECTURE.md, checked against the classes of every module.
 *
 * <p>It lives beside the command because only the command sees all modules.
 */
@AnalyzeClasses(packages = "io.gantry", importOptions = ShippedClasses.class)
final class ArchitectureTest {

  private static final String[] ENGINE = {
    "io.gantry.io..",
    "io.gantry.source..",
    "io.gantry.codec..",
    "io.gantry.image..",
    "io.gantry.format..",
    "io.gantry.archive..",
    "io.gantry.target..",
    "io.gantry.transfer..",
    "io.gantry.linux.."
  };

  // The line: source, image, transfer, target.

  @ArchTest
  static final ArchRule leftOfTheLineDoesNotKnowItsRight =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.gantry.io..",
              "io.gantry.source..",
              "io.gantry.codec..",
              "io.gantry.image..",
              "io.gantry.format..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.gantry.target..", "io.gantry.transfer..")
          .because("an image can be read wherever its bytes end up; transfer is where both meet");

  @ArchTest
  static final ArchRule targetDoesNotKnowWhatIsWrittenToIt =
      noClasses()
          .that()
          .resideInAPackage("io.gantry.target..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.gantry.source..",
              "io.gantry.codec..",
              "io.gantry.image..",
              "io.gantry.format..",
              "io.gantry.transfer..")
          .because("a volume takes bytes and zeros, from a clone or an upload as well as an image");

  @ArchTest
  static final ArchRule onlyTheOpenerKnowsTheFormats =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.gantry.format..", "io.gantry.transfer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.gantry.format.qcow2..", "io.gantry.format.raw..")
          .because("a new format must need no change outside format, and transfer for its streams");

  @ArchTest
  static final ArchRule archivesStandBesideImages =
      noClasses()
          .that()
          .resideInAnyPackage(ENGINE)
          .and()
          .resideOutsideOfPackage("io.gantry.archive..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.gantry.archive..")
          .because("a volume of files and a disk have a source in common, nothing else");

  @ArchTest
  static final ArchRule onlyHeaderBlocksKnowCommonsCompress =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.gantry.archive.HeaderBlock")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.commons.compress..")
          .because("its readers bound nothing; it is used for the numbers in a tar header");

  // The modules.

  @ArchTest
  static final ArchRule engineKnowsNobody =
      noClasses()
          .that()
          .resideInAnyPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.gantry.runtime..",
              "io.gantry.http..",
              "io.gantry.s3..",
              "io.gantry.gcs..",
              "io.gantry.registry..",
              "io.gantry.cli..",
              "java.net..",
              "javax.net..",
              "org.apache.hc..",
              "software.amazon..",
              "org.slf4j..",
              "java.util.logging..")
          .because("the engine is bytes in, volume out: no HTTP and no logging");

  @ArchTest
  static final ArchRule engineDoesNotAskTheEnvironment =
      noClasses()
          .that()
          .resideInAnyPackage(ENGINE)
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .because("the environment is read once, at the edge, into a record");

  @ArchTest
  static final ArchRule nobodyKnowsTheCommand =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gantry.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.gantry.cli..")
          .because("the command knows all, and other binaries are built without it");

  @ArchTest
  static final ArchRule runtimeKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("io.gantry.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.gantry.http..",
              "io.gantry.s3..",
              "io.gantry.gcs..",
              "io.gantry.registry..",
              "io.gantry.cli..")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(ENGINE)
          .because("environment, TLS and health serve programs that move no image, too");

  // Remote sources.

  @ArchTest
  static final ArchRule storesDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("io.gantry.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.gantry.gcs..")
          .because("what they share is how objects are fetched, and that is io.gantry.http");

  @ArchTest
  static final ArchRule onlyS3KnowsTheAwsSdk =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gantry.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..")
          .because("whoever reads no S3 must not load a class of it, that is a third of a second");

  @ArchTest
  static final ArchRule onlyTheHttpClientOpensConnections =
      noClasses()
          .that()
          .resideInAnyPackage("io.gantry.s3..", "io.gantry.gcs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.hc..", "javax.net..")
          .because("proxies, authorities and time-outs are honoured in one place");

  @ArchTest
  static final ArchRule onlyHttpOpensConnections =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.gantry.http..", "io.gantry.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.hc..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Socket.class)
          .because("redirects, proxies, retries and who sees credentials are decided in one place");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("io.gantry.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a cycle means that two packages are one idea, or that one idea is missing");

  // Native code, process, words.

  @ArchTest
  static final ArchRule onlyLinuxCallsTheSystem =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gantry.linux..")
          .should()
          .dependOnClassesThat(
              Predicates.resideInAPackage("java.lang.foreign..")
                  .and(Predicates.simpleName("Linker").or(Predicates.simpleName("SymbolLookup"))))
          .because("one method per man page, in one package, is what can be audited");

  @ArchTest
  static final ArchRule nobodyStartsProcessesOrLoadsLibraries =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class)
          .orShould()
          .callMethod(System.class, "load", String.class)
          .orShould()
          .callMethod(System.class, "loadLibrary", String.class)
          .orShould()
          .callMethodWhere(
              target(owner(Predicates.type(Runtime.class)))
                  .and(target(name("exec")).or(target(name("load")))))
          .because("Gantry is pure Java: no child process, and no native code of its own");

  @ArchTest
  static final ArchRule onlyMainEndsTheProcess =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Main")
          .should()
          .callMethod(System.class, "exit", int.class)
          .because("whoever ends the process decides what is left half-made");

  @ArchTest
  static final ArchRule failuresAreNotPrintedInPassing =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.gantry.cli.Gantry")
          .should()
          .callMethodWhere(
              target(name("printStackTrace"))
                  .and(target(owner(Predicates.assignableTo(Throwable.class))))
                  .and(target(rawParameterTypes(new Class<?>[0]))))
          .because("one class per binary turns a failure into an exit status and one line");

  @ArchTest
  static final ArchRule ideasHaveNames =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Common")
          .because("a class that wants to be called so has an idea that is not named yet");

  @ArchTest
  static final ArchRule exceptionsAreNamedSo =
      classes()
          .that()
          .areAssignableTo(Exception.class)
          .should()
          .haveSimpleNameEndingWith("Exception")
          .because("exceptions are a vocabulary");
}
