// The kinds of linked services as the gallery shows them: a readable name and a category for each type
// that the server knows.

import { queryOptions } from "@tanstack/react-query";
import { arm, call } from "../../api/request.ts";

export const categories = [
  "Azure",
  "Database",
  "File",
  "Generic protocol",
  "NoSQL",
  "Services and apps",
  "Compute",
] as const;

export type Category = (typeof categories)[number];

export interface Connector {
  readonly type: string;
  readonly label: string;
  readonly category: Category;
}

export const connectorsQuery = queryOptions({
  queryKey: ["studio", "connector"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    const { value } = await call<{ value: readonly { type: string }[] }>(arm, {
      path: "/studio/connector",
      signal,
    });
    return value
      .map(
        ({ type }): Connector => ({
          type,
          label: connectorLabel(type),
          category: categoryOf(type),
        }),
      )
      .sort((one, other) => one.label.localeCompare(other.label));
  },
});

/** Where the type's own words, split at capitals, are not the product's name. */
const labels: Readonly<Record<string, string>> = {
  AmazonMWS: "Amazon Marketplace Web Service",
  AmazonRdsForOracle: "Amazon RDS for Oracle",
  AmazonRdsForSqlServer: "Amazon RDS for SQL Server",
  AmazonS3: "Amazon S3",
  AmazonS3Compatible: "Amazon S3 Compatible Storage",
  AzureBlobFS: "Azure Data Lake Storage Gen2",
  AzureDataLakeStore: "Azure Data Lake Storage Gen1",
  AzureDataExplorer: "Azure Data Explorer (Kusto)",
  AzureFileStorage: "Azure Files",
  AzureMariaDB: "Azure Database for MariaDB",
  AzureML: "Azure Machine Learning Studio (classic)",
  AzureMLService: "Azure Machine Learning",
  AzureMySql: "Azure Database for MySQL",
  AzurePostgreSql: "Azure Database for PostgreSQL",
  AzureSearch: "Azure AI Search",
  AzureSqlDatabase: "Azure SQL Database",
  AzureSqlDW: "Azure Synapse Analytics",
  AzureSqlMI: "Azure SQL Managed Instance",
  CommonDataServiceForApps: "Dataverse (Common Data Service for Apps)",
  CosmosDb: "Azure Cosmos DB (SQL API)",
  CosmosDbMongoDbApi: "Azure Cosmos DB (MongoDB API)",
  DynamicsAX: "Dynamics AX",
  DynamicsCrm: "Dynamics CRM",
  FileServer: "File system",
  FtpServer: "FTP",
  HBase: "HBase",
  HDInsight: "Azure HDInsight",
  HDInsightOnDemand: "Azure HDInsight on demand",
  HttpServer: "HTTP",
  MariaDB: "MariaDB",
  MongoDb: "MongoDB (legacy)",
  MongoDbAtlas: "MongoDB Atlas",
  MongoDbV2: "MongoDB",
  MySql: "MySQL",
  OData: "OData",
  Odbc: "ODBC",
  Office365: "Microsoft 365",
  Paypal: "PayPal",
  PostgreSql: "PostgreSQL",
  PowerBIWorkspace: "Power BI",
  QuickBooks: "QuickBooks",
  RestService: "REST",
  SapBW: "SAP BW",
  SapHana: "SAP HANA",
  ServiceNow: "ServiceNow",
  Sftp: "SFTP",
  SqlServer: "SQL Server",
  TeamDesk: "TeamDesk",
  Web: "Web table",
};

/** `SapCloudForCustomer` is "SAP Cloud For Customer". */
export function connectorLabel(type: string): string {
  return labels[type] ?? type.replace(/^Sap/, "SAP").replaceAll(/([a-z])([A-Z])/g, "$1 $2");
}

const members: readonly (readonly [Category, RegExp])[] = [
  [
    "Compute",
    /^(?:AzureML|AzureMLService|AzureBatch|AzureDatabricks|AzureDataLakeAnalytics|AzureFunction|HDInsight|HDInsightOnDemand|AzureSynapseArtifacts)$/,
  ],
  ["Azure", /^(?:Azure|CosmosDb)/],
  ["NoSQL", /^(?:Cassandra|Couchbase|MongoDb)/],
  ["File", /^(?:AmazonS3|FileServer|FtpServer|GoogleCloudStorage|Hdfs|OracleCloudStorage|Sftp)/],
  ["Generic protocol", /^(?:HttpServer|OData|Odbc|RestService|Web)$/],
  [
    "Database",
    /^(?:AmazonR|Db2|Drill|Google(?:BigQuery)|Greenplum|HBase|Hive|Impala|Informix|MariaDB|MicrosoftAccess|MySql|Netezza|Oracle$|Phoenix|PostgreSql|Presto|Sap(?:BW|Hana|OpenHub|Table|Odp)|Snowflake|Spark|SqlServer|Sybase|Teradata|Vertica)/,
  ],
];

export function categoryOf(type: string): Category {
  return members.find(([, pattern]) => pattern.test(type))?.[0] ?? "Services and apps";
}
