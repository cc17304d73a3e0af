package io.gantry.poller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Socket;

/** The drawing of this package; the command, beside which the other rules are, does not see it. */
@AnalyzeClasses(packages = "io.gantry.poller", importOptions = ImportOption.DoNotIncludeTests.class)
final class PollerArchitectureTest {

  @ArchTest
  static final ArchRule fewKnowTheKubernetesClient =
      noClasses()
          .that()
          .doNotHaveSimpleName("ApiServer")
          .and()
          .doNotHaveSimpleName("ApiFailure")
          .and()
          .doNotHaveSimpleName("Cluster")
          .and()
          .doNotHaveSimpleName("DataImportCron")
          .and()
          .doNotHaveSimpleName("DataImportCrons")
          .and()
          // hands the configuration from one to the other
          .doNotHaveSimpleName("Poller")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.fabric8..")
          .because("flags, patches and the registry have nothing to do with whose client it is");

  @ArchTest
  static final ArchRule movesNoImage =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.gantry.s3..",
              "io.gantry.gcs..",
              "io.gantry.target..",
              "io.gantry.transfer..",
              "io.gantry.format..",
              "io.gantry.linux..")
          .because(
              "it needs a manifest's digest, and its distribution has none of their libraries");

  @ArchTest
  static final ArchRule opensNoConnection =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.hc..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Socket.class)
          .because("the registry is io.gantry.registry's, the cluster the Kubernetes client's");
}
